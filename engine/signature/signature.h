// What is verified and what comes back: the vocabulary of batch signature verification.
//
// docs/signatures.md states the acceptance rule with its reasons. Verification handles public data
// only; nothing here runs in constant time, and no secret may ever be passed in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/bytes.h"

namespace salus::engine::signature {

enum class Algorithm : std::uint8_t {
  ed25519,  ///< RFC 8032 Ed25519 (pure), under the strict rule of docs/signatures.md.
  p256,     ///< FIPS 186-5 ECDSA over P-256 with SHA-256.
};

/// "ed25519", "p256".
const char* to_string(Algorithm algorithm);

inline constexpr std::size_t kEd25519KeyBytes = 32;
inline constexpr std::size_t kP256KeyBytes = 65;
inline constexpr std::size_t kSignatureBytes = 64;  ///< Both algorithms.
inline constexpr std::size_t kMaxMessageBytes = std::size_t{16} << 20;

/// One signature to verify. The bytes belong to the caller and stay in place during the call; they
/// may be anything at all, of any length.
struct Item {
  Algorithm algorithm = Algorithm::ed25519;
  Bytes public_key;  ///< Ed25519: 32 bytes. P-256: 65 bytes, 0x04 || x || y, big-endian (SEC 1).
  Bytes message;     ///< 0 to kMaxMessageBytes bytes, as they were signed: not hashed before.
  Bytes signature;   ///< Ed25519: R || S. P-256: r || s, 32 bytes each, big-endian (as in COSE).
};

/// A public key alone; its bytes belong to somebody else.
struct KeyView {
  Algorithm algorithm = Algorithm::ed25519;
  Bytes bytes;  ///< As in `Item::public_key`.
};

/// Why an item was refused; the same on every device. Where several apply, the first one in this
/// order that belongs to the item's algorithm is given. The numbers never change.
enum class Reason : std::uint8_t {
  valid = 0,
  unknown_algorithm = 1,
  key_length = 2,
  signature_length = 3,
  message_too_long = 4,
  s_out_of_range = 5,      ///< Ed25519: S >= L. P-256: s = 0 or s >= n.
  r_out_of_range = 6,      ///< P-256: r = 0 or r >= n.
  s_high = 7,              ///< P-256, only where the policy wants low s: s > (n - 1) / 2.
  r_not_canonical = 8,     ///< Ed25519: the y of R is not below p.
  r_small_order = 9,       ///< Ed25519: 8 R is the neutral element.
  key_not_canonical = 10,  ///< Ed25519: y >= p. P-256: not 0x04 first, or a coordinate >= p.
  key_small_order = 11,    ///< Ed25519: 8 A is the neutral element.
  key_not_on_curve = 12,
  mismatch = 13,  ///< All is well formed, but nobody with this key signed these bytes.
};

/// "valid", "s_out_of_range", ...
const char* to_string(Reason reason);

/// What a caller may ask for beyond the acceptance rule.
struct Policy {
  /// Refuse the larger of the two values of s that ECDSA allows. Off by default: FIPS 186-5 signers
  /// emit both.
  bool p256_low_s = false;
};

/// One verdict for each item of a batch.
class Verdicts {
 public:
  /// `count` items, none of them valid yet.
  explicit Verdicts(std::size_t count);
  /// What was decided of each item.
  explicit Verdicts(std::vector<Reason> reasons);

  [[nodiscard]] std::size_t size() const { return reasons_.size(); }
  [[nodiscard]] bool valid(std::size_t i) const { return (bitmap_[i / 64] >> (i % 64) & 1) != 0; }
  [[nodiscard]] Reason reason(std::size_t i) const { return reasons_[i]; }
  [[nodiscard]] std::size_t count_valid() const;
  [[nodiscard]] bool all_valid() const { return count_valid() == size(); }

  /// Bit i % 64 of word i / 64 is set where item i is valid; bits past the last item are clear.
  [[nodiscard]] const std::vector<std::uint64_t>& bitmap() const { return bitmap_; }

  void set(std::size_t i, Reason reason);

  friend bool operator==(const Verdicts&, const Verdicts&) = default;

 private:
  std::vector<std::uint64_t> bitmap_;
  std::vector<Reason> reasons_;
};

}  // namespace salus::engine::signature
