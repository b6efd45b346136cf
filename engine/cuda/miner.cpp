#include "engine/cuda/miner.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/error.h"

namespace salus::engine::cuda {
namespace {

using kernels::cuda::MineHit;
using kernels::cuda::MineHits;
using kernels::cuda::MineRange;

/// The counter stands in front of the hits, which begin at an aligned place.
constexpr std::size_t kHitsOffset = 16;

}  // namespace

Miner::Miner(const Sizes& sizes, Stream& compute) : sizes_(sizes), compute_(compute) {
  for (Slot& slot : slots_) {
    slot.device.reserve(kHitsOffset + sizes.hit_slots * sizeof(MineHit));
    slot.host.reserve(slot.device.size());
  }
}

std::vector<Candidate> Miner::scan(const MineChoice& choice, const kernels::MineParams& params,
                                   const ScanRange& range) {
  std::vector<Candidate> found;
  std::uint64_t step = part_size(params, range.version_count);
  std::deque<Part> parts = {{range.nonce_begin, range.nonce_count}};
  std::deque<Slot*> idle = {&slots_[0], &slots_[1]};
  std::deque<Slot*> busy;
  while (!parts.empty() || !busy.empty()) {
    while (!idle.empty() && !parts.empty()) {
      Part& next = parts.front();
      const Part part{next.begin, std::min(next.count, step)};
      next = {next.begin + part.count, next.count - part.count};
      if (next.count == 0) parts.pop_front();
      if (part.count == 0) continue;
      start(choice, params, range.version_count, part, *idle.front());
      busy.push_back(idle.front());
      idle.pop_front();
    }
    if (busy.empty()) break;
    Slot& slot = *busy.front();
    busy.pop_front();
    idle.push_back(&slot);
    if (!collect(range.version_count, slot, found)) {
      parts.push_front(slot.part);
      step = std::max<std::uint64_t>(1, slot.part.count / 2);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::uint64_t Miner::part_size(const kernels::MineParams& params, unsigned versions) const {
  const std::uint64_t most = std::max<std::uint64_t>(1, sizes_.scan_hashes / versions);
  const int bits = std::popcount(params.reject_mask);
  const std::uint64_t hashes_for_half = std::uint64_t{sizes_.hit_slots / 2} << bits;
  return std::clamp<std::uint64_t>(hashes_for_half / versions, 1, most);
}

void Miner::start(const MineChoice& choice, const kernels::MineParams& params, unsigned versions,
                  const Part& part, Slot& slot) {
  slot.part = part;
  fill_zero(slot.device.data(), kHitsOffset, compute_);
  const MineHits hits{reinterpret_cast<MineHit*>(slot.device.data() + kHitsOffset),
                      slot.device.as<std::uint32_t>(),
                      static_cast<std::uint32_t>(sizes_.hit_slots)};
  for (unsigned first = 0; first < versions;) {
    // The rest that a fixed number of versions leaves is done by smaller kernels of the same form.
    const MineChoice now = fitting(choice, versions - first);
    const unsigned count = now.entry.versions == 0 ? versions - first : now.entry.versions;
    const MineRange range{static_cast<std::uint32_t>(part.begin),
                          static_cast<std::uint32_t>(part.count), first, count};
    launch(compute_, "scan headers", now.entry.kernel, part.count, now.block, params, range, hits);
    first += count;
  }
  copy_to_host(slot.host.data(), slot.device.data(), slot.device.size(), compute_);
  slot.done.record(compute_);
}

bool Miner::collect(unsigned versions, Slot& slot, std::vector<Candidate>& found) {
  slot.done.synchronize();
  std::uint32_t count = 0;
  std::memcpy(&count, slot.host.data(), sizeof count);
  if (count > sizes_.hit_slots) return false;
  const auto* hits = reinterpret_cast<const MineHit*>(slot.host.data() + kHitsOffset);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (hits[i].nonce - slot.part.begin >= slot.part.count || hits[i].version_index >= versions)
      throw Error(ErrorKind::device,
                  "scan headers: the device reports a nonce that it was not given");
    found.push_back({hits[i].nonce, hits[i].version_index});
  }
  return true;
}

}  // namespace salus::engine::cuda
