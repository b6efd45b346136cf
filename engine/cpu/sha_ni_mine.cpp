#include "engine/cpu/sha_ni_mine.h"

#include <cstring>

#include "engine/cpu/sha_ni_streams.h"

namespace salus::engine::cpu::sha_ni {
namespace {

constexpr StreamState kInitial = {{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                                   0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};

void compress_words(StreamState& state, const std::uint32_t words[16]) {
  std::uint8_t bytes[64];
  for (unsigned i = 0; i < 16; ++i) {
    const std::uint32_t word = __builtin_bswap32(words[i]);
    std::memcpy(bytes + 4 * i, &word, sizeof word);
  }
  StreamState* const states[] = {&state};
  const std::uint8_t* const data[] = {bytes};
  compress(states, data, 1, 1);
}

std::uint32_t last_word(const kernels::MineParams& p, std::uint32_t v, std::uint32_t nonce) {
  StreamState first;
  std::memcpy(first.words, p.midstate[v], sizeof first.words);
  const std::uint32_t block2[16] = {
      p.w0, p.w1, p.w2, __builtin_bswap32(nonce), 0x80000000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 640};
  compress_words(first, block2);
  std::uint32_t padded[16] = {};
  std::memcpy(padded, first.words, sizeof first.words);
  padded[8] = 0x80000000;
  padded[15] = 256;
  StreamState second = kInitial;
  compress_words(second, padded);
  return second.words[7];
}

}  // namespace

void scan(const kernels::MineParams& params, const ScanRange& range, std::vector<Candidate>& out) {
  for (std::uint64_t done = 0; done < range.nonce_count; ++done) {
    const std::uint32_t nonce = range.nonce_begin + static_cast<std::uint32_t>(done);
    for (std::uint32_t v = 0; v < range.version_count; ++v)
      if ((last_word(params, v, nonce) & params.reject_mask) == 0) add_candidate(out, nonce, v);
  }
}

}  // namespace salus::engine::cpu::sha_ni
