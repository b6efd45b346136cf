#include <algorithm>
#include <bit>

#include "engine/jobs/jobs.h"
#include "engine/jobs/placement.h"
#include "engine/jobs/search_space.h"
#include "engine/jobs/self_check.h"
#include "engine/jobs/shared_run.h"

namespace salus::engine {
namespace {

/// A piece of a search brings at most about this many candidates back.
constexpr std::uint64_t kCandidatesPerPiece = 4096;

/// How many hashes to scan at once so that the candidates stay few, however easy the target.
std::uint64_t max_hashes_per_piece(const pow::Target& target) {
  return kCandidatesPerPiece << std::popcount(pow::reject_mask(target));
}

pow::Header header_of(const MineRequest& request, const SearchPiece& piece, Candidate candidate) {
  pow::Header header = request.header;
  header.time = piece.place.time;
  header.version = piece.versions[candidate.version_index];
  header.nonce = candidate.nonce;
  return header;
}

bool in_range(const ScanRange& range, Candidate candidate) {
  return candidate.nonce >= range.nonce_begin &&
         candidate.nonce - range.nonce_begin < range.nonce_count &&
         candidate.version_index < range.version_count;
}

/// Whether the last state word of the header's id passes the mask, as the device said it does.
bool passes(const pow::Header& header, std::uint32_t mask) {
  return (pow::last_state_word(pow::header_id(header)) & mask) == 0;
}

/// The first of a device's candidates that meets the target. Each is hashed again by OpenSSL on the
/// way: one that the device should not have reported proves it wrong.
std::optional<pow::Header> first_hit(const Device& device, const MineRequest& request,
                                     const SearchPiece& piece, std::uint32_t mask,
                                     std::span<const Candidate> candidates) {
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const bool ascending = i == 0 || candidates[i - 1] < candidates[i];
    if (!ascending || !in_range(piece.range, candidates[i]) ||
        !passes(header_of(request, piece, candidates[i]), mask))
      throw Error(ErrorKind::device, device.info().id() + ": wrong answer: reported nonce " +
                                         std::to_string(candidates[i].nonce) + ", which is none");
    const pow::Header header = header_of(request, piece, candidates[i]);
    if (pow::meets(header, request.target)) return header;
  }
  return std::nullopt;
}

void search(Device& device, const JobContext& context, const MineRequest& request,
            SearchSpace& space, const SearchPiece& piece) {
  if (context.self_check) check_scan(device, request.header, piece);
  pow::Header at_time = request.header;
  at_time.time = piece.place.time;
  const kernels::MineParams params = pow::make_mine_params(
      at_time, std::span(piece.versions).first(piece.range.version_count), request.target);
  const std::vector<Candidate> candidates = device.scan(params, piece.range);
  const auto hit = first_hit(device, request, piece, params.reject_mask, candidates);
  if (hit) space.report(piece, *hit);
}

}  // namespace

MineResult mine_job(const JobContext& context, const MineRequest& request) {
  SearchSpace space(request, max_hashes_per_piece(request.target), context.control.progress);
  const auto work = [&](Device& device, const SearchPiece& piece) {
    search(device, context, request, space, piece);
  };
  SharedRun run(context.pool, Job::mine, space, work, context.control.stop);
  run.run(choose_devices(context.pool, Job::mine, pow::work_of(request.target).to_double()));
  MineResult result;
  result.header = space.winner();
  result.hashes = space.hashes_done();
  result.exhausted = space.exhausted();
  result.next = space.next_untried();
  return result;
}

}  // namespace salus::engine
