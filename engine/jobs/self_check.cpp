#include "engine/jobs/self_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/error.h"
#include "engine/merkle/tree.h"
#include "engine/pow/header.h"
#include "engine/reference/reference.h"
#include "engine/signature/reference.h"

namespace salus::engine {
namespace {

/// Digests recomputed for each piece of work: about a microsecond each for short messages.
constexpr std::size_t kSampledDigests = 32;

/// Entries of the sample tree: enough for several levels and an odd node.
constexpr std::size_t kSampledEntries = 77;

/// Signatures verified again for each piece: about 100 microseconds each.
constexpr std::size_t kSampledSignatures = 8;

/// Nonces rescanned for each piece, and a mask that one in 16 of them passes.
constexpr std::uint64_t kSampledNonces = 256;
constexpr std::uint32_t kEasyMask = 0x0f000000;

[[noreturn]] void throw_wrong(const Device& device, const char* what) {
  throw Error(ErrorKind::device,
              fmt::format("{}: wrong answer in the self-check: {}", device.info().id(), what));
}

}  // namespace

void check_digests(const Device& device, const MessageView& messages,
                   std::optional<std::uint8_t> prefix, std::span<const Digest> digests) {
  const std::size_t step = std::max<std::size_t>(1, messages.count() / kSampledDigests);
  for (std::size_t i = 0; i < messages.count(); i += step) {
    Digest expected;
    reference_hash(messages.slice(i, 1), prefix, {&expected, 1});
    if (digests[i] != expected) throw_wrong(device, "digest of a message");
  }
}

void check_scan(Device& device, const pow::Header& header, const SearchPiece& piece) {
  ScanRange range = piece.range;
  range.nonce_count = std::min(range.nonce_count, kSampledNonces);
  pow::Header at_time = header;
  at_time.time = piece.place.time;
  kernels::MineParams params = pow::make_mine_params(
      at_time, std::span(piece.versions).first(range.version_count), pow::Target{});
  params.reject_mask = kEasyMask;
  if (device.scan(params, range) != reference_scan(at_time, piece.versions, kEasyMask, range))
    throw_wrong(device, "candidates of a header scan");
}

void check_root(Device& device, TreeKind kind, const MessageView& entries) {
  const MessageView sample = entries.slice(0, std::min(entries.count(), kSampledEntries));
  if (device.merkle_root(kind, sample) != reference_root(kind, sample))
    throw_wrong(device, "root of a Merkle tree");
}

void check_levels(const Device& device, TreeKind kind, std::span<const Digest> leaves,
                  std::span<const Digest> levels) {
  for (std::span<const Digest> below = leaves; below.size() > 1;) {
    const std::span<const Digest> here = levels.first((below.size() + 1) / 2);
    const std::size_t step = std::max<std::size_t>(1, here.size() / kSampledDigests);
    for (std::size_t i = 0; i < here.size(); i += step)
      if (here[i] != merkle::parent_hash(kind, below, i))
        throw_wrong(device, "node of a Merkle tree");
    levels = levels.subspan(here.size());
    below = here;
  }
}

void check_verdicts(const Device& device, std::span<const signature::Item> items,
                    std::span<const signature::Reason> answers) {
  const std::size_t step = std::max<std::size_t>(1, items.size() / kSampledSignatures);
  for (std::size_t i = 0; i < items.size(); i += step)
    if (answers[i] != signature::verify_reference(items[i]))
      throw_wrong(device, "verdict on a signature");
}

}  // namespace salus::engine
