// One instruction set's kernels. Each variant is one small file (avx512.cpp, avx2.cpp, sse2.cpp,
// scalar.cpp, sha_ni.cpp) that says how many lanes it has and includes the shared kernel sources.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/device.h"

namespace salus::engine::cpu {

/// A hash value between blocks, in host-order words. Aligned so that it never straddles a cache
/// line.
struct alignas(32) StreamState {
  std::uint32_t words[8];
};

/// All functions run on the calling thread, take any alignment and are safe from many threads.
struct CpuVariant {
  const char* name;     ///< As --cpu-variant takes it.
  unsigned lanes;       ///< Streams that `compress` works on at once.
  bool (*supported)();  ///< By CPUID and what the operating system saves.

  /// Appends every candidate in the range to `out`, ascending, each once.
  void (*scan)(const kernels::MineParams& params, const ScanRange& range,
               std::vector<Candidate>& out);

  /// Compresses `blocks` 64-byte blocks of each of `count` streams (1 to `lanes`) into its state.
  void (*compress)(StreamState* const states[], const std::uint8_t* const data[], std::size_t count,
                   std::size_t blocks);

  /// out[i] = SHA-256(0x00 || 32 bytes at entries + 32 i).
  void (*leaves32)(const std::uint8_t* entries, std::size_t count, Digest* out);

  /// out[i] = node over children[2i] and children[2i + 1]. `out` may be `children`.
  void (*nodes)(TreeKind kind, const Digest* children, std::size_t pairs, Digest* out);
};

/// Appends to `out`. Variant files call this instead of std::vector's own members, whose inline
/// code the linker could otherwise take from a file that was compiled for AVX-512.
void add_candidate(std::vector<Candidate>& out, std::uint32_t nonce, std::uint32_t version_index);

extern const CpuVariant kAvx512Variant;
extern const CpuVariant kAvx2Variant;
extern const CpuVariant kSse2Variant;
extern const CpuVariant kShaNiVariant;
extern const CpuVariant kScalarVariant;

/// Every variant that was compiled in, fastest instruction set first; some may not run here.
std::span<const CpuVariant* const> all_variants();

}  // namespace salus::engine::cpu
