#include "engine/base64.h"

#include <openssl/evp.h>

#include <algorithm>

namespace salus {
namespace {

constexpr std::size_t kGroupBytes = 3;
constexpr std::size_t kGroupDigits = 4;
constexpr char kPadding = '=';

/// OpenSSL takes sizes as int.
constexpr std::size_t kBlockBytes = std::size_t{3} << 20;
constexpr std::size_t kBlockDigits = kBlockBytes / kGroupBytes * kGroupDigits;

std::size_t padding_of(std::string_view text) {
  if (text.ends_with("==")) return 2;
  return text.ends_with(kPadding) ? 1 : 0;
}

}  // namespace

std::string to_base64(Bytes bytes) {
  std::string text((bytes.size() + kGroupBytes - 1) / kGroupBytes * kGroupDigits + 1, '\0');
  auto* at = reinterpret_cast<unsigned char*>(text.data());
  for (; !bytes.empty(); bytes = bytes.subspan(std::min(kBlockBytes, bytes.size()))) {
    const Bytes block = bytes.first(std::min(kBlockBytes, bytes.size()));
    at += EVP_EncodeBlock(at, block.data(), static_cast<int>(block.size()));
  }
  text.pop_back();  // the zero that OpenSSL writes
  return text;
}

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
  if (text.size() % kGroupDigits != 0) return std::nullopt;
  std::vector<std::uint8_t> bytes(text.size() / kGroupDigits * kGroupBytes);
  std::uint8_t* at = bytes.data();
  for (std::string_view rest = text; !rest.empty();
       rest.remove_prefix(std::min(kBlockDigits, rest.size()))) {
    const std::string_view block = rest.substr(0, kBlockDigits);
    const int size = EVP_DecodeBlock(at, reinterpret_cast<const unsigned char*>(block.data()),
                                     static_cast<int>(block.size()));
    if (size < 0) return std::nullopt;
    at += size;
  }
  bytes.resize(bytes.size() - padding_of(text));
  // OpenSSL passes over white space, takes padding in odd places, and bits that stand for nothing.
  if (to_base64(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace salus
