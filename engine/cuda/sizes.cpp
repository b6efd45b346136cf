#include "engine/cuda/sizes.h"

#include <algorithm>
#include <bit>

namespace salus::engine::cuda {
namespace {

constexpr std::size_t kKiB = std::size_t{1} << 10;
constexpr std::size_t kMiB = std::size_t{1} << 20;

}  // namespace

Sizes sizes_for(const Capacity& capacity) {
  Sizes sizes;
  sizes.resident_threads =
      std::size_t{capacity.multiprocessors} * capacity.threads_per_multiprocessor;
  sizes.batch_messages = std::bit_ceil(2 * sizes.resident_threads);
  // Two batches and their digests are on the device at once, beside trees: 1/64 of its memory each
  // leaves room, and a quarter kibibyte a message keeps all threads busy with short ones.
  sizes.batch_bytes =
      std::clamp<std::size_t>(256 * sizes.batch_messages, 64 * kKiB,
                              std::max<std::size_t>(capacity.memory_bytes / 64, kMiB));
  // Large enough that a copy's start (about 10 us) vanishes, small enough that packing one piece
  // overlaps with copying another.
  sizes.staging_bytes = std::clamp<std::size_t>(sizes.batch_bytes / 16, 16 * kKiB, 8 * kMiB);
  // A thread hashes about 2^15 headers a second (counted: 1,800 instructions a hash at an eighth of
  // an instruction a clock), so 2^11 a thread take some 60 ms. Below 2^31, so that hits cannot
  // wrap.
  sizes.scan_hashes = std::min<std::size_t>(2048 * sizes.resident_threads, std::size_t{1} << 31);
  sizes.hit_slots = std::max<std::size_t>(1024, std::bit_ceil(sizes.resident_threads / 64));
  return sizes;
}

}  // namespace salus::engine::cuda
