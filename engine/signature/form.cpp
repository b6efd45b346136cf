#include "engine/signature/form.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

#include "engine/signature/constants.h"

namespace salus::engine::signature {
namespace {

using Number = std::span<const std::uint8_t, 32>;

/// a < b, most significant byte first.
bool less_big_endian(Number a, Number b) { return std::memcmp(a.data(), b.data(), a.size()) < 0; }

/// a < b, least significant byte first.
bool less_little_endian(Number a, Number b) {
  for (std::size_t i = a.size(); i-- > 0;)
    if (a[i] != b[i]) return a[i] < b[i];
  return false;
}

bool is_zero(Number a) {
  return std::ranges::all_of(a, [](std::uint8_t byte) { return byte == 0; });
}

/// The y coordinate of an encoded point: its bytes without the sign of x.
std::array<std::uint8_t, 32> y_of(Number point) {
  std::array<std::uint8_t, 32> y;
  std::ranges::copy(point, y.begin());
  y[31] &= 0x7f;
  return y;
}

bool has_canonical_y(Number point) { return less_little_endian(y_of(point), kEd25519Prime); }

/// Whether a point with canonical y is one of the eight whose order divides 8. x = 0 has y = 1 or
/// -1, so that the two encodings with a wrong sign of zero are found here too.
bool has_small_order(Number point) {
  const auto y = y_of(point);
  return std::ranges::any_of(kEd25519SmallOrderY, [&](const auto& small) { return small == y; });
}

Reason check_ed25519(Number key, Number r, Number s) {
  if (!less_little_endian(s, kEd25519Order)) return Reason::s_out_of_range;
  if (!has_canonical_y(r)) return Reason::r_not_canonical;
  if (has_small_order(r)) return Reason::r_small_order;
  if (!has_canonical_y(key)) return Reason::key_not_canonical;
  if (has_small_order(key)) return Reason::key_small_order;
  return Reason::valid;
}

bool is_p256_scalar(Number a) { return !is_zero(a) && less_big_endian(a, kP256Order); }

Reason check_p256(Bytes key, Number r, Number s, const Policy& policy) {
  constexpr std::uint8_t kUncompressed = 0x04;
  if (!is_p256_scalar(s)) return Reason::s_out_of_range;
  if (!is_p256_scalar(r)) return Reason::r_out_of_range;
  if (policy.p256_low_s && less_big_endian(kP256HalfOrder, s)) return Reason::s_high;
  if (key[0] != kUncompressed || !less_big_endian(key.subspan<1, 32>(), kP256Prime) ||
      !less_big_endian(key.subspan<33, 32>(), kP256Prime))
    return Reason::key_not_canonical;
  return Reason::valid;
}

}  // namespace

Reason check_form(const Item& item, const Policy& policy) {
  const bool is_ed25519 = item.algorithm == Algorithm::ed25519;
  if (!is_ed25519 && item.algorithm != Algorithm::p256) return Reason::unknown_algorithm;
  if (item.public_key.size() != (is_ed25519 ? kEd25519KeyBytes : kP256KeyBytes))
    return Reason::key_length;
  if (item.signature.size() != kSignatureBytes) return Reason::signature_length;
  if (item.message.size() > kMaxMessageBytes) return Reason::message_too_long;

  const auto first = item.signature.first<32>();
  const auto second = item.signature.last<32>();
  if (is_ed25519) return check_ed25519(item.public_key.first<32>(), first, second);
  return check_p256(item.public_key, first, second, policy);
}

}  // namespace salus::engine::signature
