#include "engine/pow/header.h"

#include <algorithm>
#include <cassert>

#include "engine/openssl_sha256.h"

namespace salus::pow {
namespace {

namespace scalar {
using kernels::MineParams;
#define SALUS_LANES 1
#include "kernels/mine_prepare.h"
}  // namespace scalar

std::uint32_t load_le(const std::uint8_t* p) {
  return static_cast<std::uint32_t>(p[0]) | static_cast<std::uint32_t>(p[1]) << 8 |
         static_cast<std::uint32_t>(p[2]) << 16 | static_cast<std::uint32_t>(p[3]) << 24;
}

std::uint32_t load_be(const std::uint8_t* p) { return __builtin_bswap32(load_le(p)); }

void store_le(std::uint8_t* p, std::uint32_t x) {
  for (unsigned i = 0; i < 4; ++i) p[i] = static_cast<std::uint8_t>(x >> (8 * i));
}

}  // namespace

Header parse_header(std::span<const std::uint8_t, kHeaderSize> bytes) {
  Header h;
  h.version = load_le(&bytes[0]);
  std::copy_n(&bytes[4], 32, h.previous.begin());
  std::copy_n(&bytes[36], 32, h.merkle_root.begin());
  h.time = load_le(&bytes[68]);
  h.bits = load_le(&bytes[72]);
  h.nonce = load_le(&bytes[76]);
  return h;
}

std::array<std::uint8_t, kHeaderSize> serialise(const Header& header) {
  std::array<std::uint8_t, kHeaderSize> out{};
  store_le(&out[0], header.version);
  std::copy(header.previous.begin(), header.previous.end(), &out[4]);
  std::copy(header.merkle_root.begin(), header.merkle_root.end(), &out[36]);
  store_le(&out[68], header.time);
  store_le(&out[72], header.bits);
  store_le(&out[76], header.nonce);
  return out;
}

Digest header_id(const Header& header) { return openssl_sha256d(serialise(header)); }

std::uint32_t last_state_word(const Digest& id) { return load_be(&id[28]); }

bool meets(const Header& header, const Target& target) {
  return Uint256::from_digest(header_id(header)) <= target;
}

kernels::MineParams make_mine_params(const Header& header, std::span<const std::uint32_t> versions,
                                     const Target& target) {
  assert(!versions.empty() && versions.size() <= SALUS_MINE_MAX_VERSIONS);
  kernels::MineParams p{};
  Header rolled = header;
  std::array<std::uint8_t, kHeaderSize> bytes = serialise(header);
  scalar::mine_prepare_block2(&p, load_be(&bytes[64]), load_be(&bytes[68]), load_be(&bytes[72]));
  for (std::uint32_t v = 0; v < versions.size(); ++v) {
    rolled.version = versions[v];
    bytes = serialise(rolled);
    scalar::u32 w[16];
    for (std::size_t i = 0; i < 16; ++i) w[i] = load_be(&bytes[4 * i]);
    scalar::mine_prepare_version(&p, v, w);
  }
  p.reject_mask = reject_mask(target);
  return p;
}

}  // namespace salus::pow
