#include "engine/signature/point.h"

#include "engine/error.h"
#include "engine/signature/openssl_object.h"

namespace salus::engine::signature {
namespace {

constexpr std::uint8_t kInfinity = 0x00;
constexpr std::uint8_t kEvenY = 0x02;
constexpr std::uint8_t kOddY = 0x03;
constexpr std::uint8_t kUncompressed = 0x04;

[[noreturn]] void fail(const char* problem) {
  throw Error(ErrorKind::input, std::string("P-256 point: ") + problem);
}

/// Finds the y that goes with a compressed point's x.
std::vector<std::uint8_t> decompressed(Bytes point) {
  const ClearErrors clear_errors;
  const OwnedGroup group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  require_openssl(group != nullptr, "open P-256");
  const OwnedPoint decoded(EC_POINT_new(group.get()));
  require_openssl(decoded != nullptr, "allocate a point");
  if (EC_POINT_oct2point(group.get(), decoded.get(), point.data(), point.size(), nullptr) != 1)
    fail("no y goes with its x");
  std::vector<std::uint8_t> bytes(kP256KeyBytes);
  require_openssl(EC_POINT_point2oct(group.get(), decoded.get(), POINT_CONVERSION_UNCOMPRESSED,
                                     bytes.data(), bytes.size(), nullptr) == bytes.size(),
                  "encode a point");
  return bytes;
}

}  // namespace

PublicKey p256_key_from_point(Bytes point) {
  if (point.size() == 1 && point[0] == kInfinity) fail("infinity is no key");
  if (point.size() == kP256KeyBytes) {
    if (point[0] != kUncompressed) fail("65 bytes that do not begin with 04");
    return {Algorithm::p256, {point.begin(), point.end()}};
  }
  if (point.size() != kP256CompressedBytes) fail("has 65 bytes, or 33 compressed");
  if (point[0] != kEvenY && point[0] != kOddY) fail("33 bytes that begin with neither 02 nor 03");
  return {Algorithm::p256, decompressed(point)};
}

}  // namespace salus::engine::signature
