#include "engine/signature/ecdsa_der.h"

#include <algorithm>

namespace salus::engine::signature {
namespace {

constexpr std::uint8_t kInteger = 0x02;
constexpr std::uint8_t kSequence = 0x30;
constexpr std::size_t kNumberBytes = 32;

/// Takes one element with this tag off the front of `in` and returns its content. Only lengths
/// below 128 occur: two integers of 33 bytes make 70.
std::optional<Bytes> take_element(Bytes& in, std::uint8_t tag) {
  constexpr std::size_t kHeaderBytes = 2;
  if (in.size() < kHeaderBytes || in[0] != tag || in[1] >= 0x80) return std::nullopt;
  const std::size_t length = in[1];
  if (in.size() - kHeaderBytes < length) return std::nullopt;
  const Bytes content = in.subspan(kHeaderBytes, length);
  in = in.subspan(kHeaderBytes + length);
  return content;
}

bool is_negative(Bytes integer) { return integer[0] >= 0x80; }

/// Takes a number off the front of `in` and writes it to `out`, most significant byte first.
bool take_number(Bytes& in, std::span<std::uint8_t, kNumberBytes> out) {
  std::optional<Bytes> integer = take_element(in, kInteger);
  if (!integer || integer->empty() || is_negative(*integer)) return false;
  if (integer->size() > 1 && (*integer)[0] == 0) {
    *integer = integer->subspan(1);
    if (!is_negative(*integer)) return false;  // the zero in front was not needed
  }
  if (integer->size() > out.size()) return false;
  std::ranges::fill(out, std::uint8_t{0});
  std::ranges::copy(*integer, out.last(integer->size()).begin());
  return true;
}

}  // namespace

std::optional<std::array<std::uint8_t, 64>> p256_signature_from_der(Bytes der) {
  std::optional<Bytes> content = take_element(der, kSequence);
  if (!content || !der.empty()) return std::nullopt;
  std::array<std::uint8_t, 64> signature;
  const std::span<std::uint8_t, 64> out(signature);
  if (!take_number(*content, out.first<kNumberBytes>()) ||
      !take_number(*content, out.last<kNumberBytes>()) || !content->empty())
    return std::nullopt;
  return signature;
}

}  // namespace salus::engine::signature
