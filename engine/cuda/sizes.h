// How much the CUDA backend does at once, from what the device is.
#pragma once

#include <cstddef>
#include <cstdint>

namespace salus::engine::cuda {

/// The properties that sizes follow from.
struct Capacity {
  unsigned multiprocessors = 1;
  unsigned threads_per_multiprocessor = 1024;  ///< Resident at once at most.
  std::uint64_t memory_bytes = 0;
};

struct Sizes {
  std::size_t resident_threads;  ///< One full wave.
  std::size_t batch_messages;    ///< Messages, or leaves, in a batch: two waves, a power of two.
  std::size_t batch_bytes;       ///< Message bytes in a batch, unless one message is longer.
  std::size_t staging_bytes;     ///< Each pinned piece through which copies go.
  std::size_t scan_hashes;       ///< Hashes of one mining launch: some tens of milliseconds.
  std::size_t hit_slots;         ///< Candidates that one launch can store.
};

Sizes sizes_for(const Capacity& capacity);

}  // namespace salus::engine::cuda
