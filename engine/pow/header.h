// The 80-byte block header of Bitcoin, which is Salus's own.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "engine/bytes.h"
#include "engine/pow/target.h"
#include "kernels/mine_params.h"

namespace salus::pow {

inline constexpr std::size_t kHeaderSize = 80;

/// Fields in host order; digests in internal order (as SHA-256 emits them).
struct Header {
  std::uint32_t version = 0;
  Digest previous{};
  Digest merkle_root{};
  std::uint32_t time = 0;  ///< Seconds since 1970 UTC.
  std::uint32_t bits = 0;  ///< Compact target.
  std::uint32_t nonce = 0;

  friend bool operator==(const Header&, const Header&) = default;
};

Header parse_header(std::span<const std::uint8_t, kHeaderSize> bytes);
std::array<std::uint8_t, kHeaderSize> serialise(const Header& header);

/// SHA-256d of the serialised header, by OpenSSL: the reference for what devices find.
Digest header_id(const Header& header);

/// The last big-endian word of a header's id: what scans test against the reject mask.
std::uint32_t last_state_word(const Digest& id);

/// Whether the header's id is at most `target`.
bool meets(const Header& header, const Target& target);

/// What a scan needs to know about a header template: midstates for `versions` (1 to
/// SALUS_MINE_MAX_VERSIONS of them), precomputed rounds and schedule words, and the reject mask.
kernels::MineParams make_mine_params(const Header& header, std::span<const std::uint32_t> versions,
                                     const Target& target);

}  // namespace salus::pow
