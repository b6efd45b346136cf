#include "cli/verify_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "cli/encoded_text.h"
#include "cli/error_context.h"
#include "cli/input_file.h"
#include "engine/signature/ecdsa_der.h"

namespace salus::cli {
namespace {

using engine::signature::Algorithm;
using engine::signature::PublicKey;

std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Whether nothing is in `text` but characters that hex, base64 of any kind and the names of both
/// are written with.
bool may_be_encoded(std::string_view text) {
  constexpr std::string_view kCharacters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=:";
  return !text.empty() && text.find_first_not_of(kCharacters) == std::string_view::npos;
}

/// Whether an argument that is no file's name may be a key or a signature itself, which then must
/// not be shown.
bool may_be_content(const std::string& argument) {
  constexpr std::size_t kLeastCharacters = 32;
  std::error_code ignored;
  return argument.size() >= kLeastCharacters && may_be_encoded(argument) &&
         !std::filesystem::exists(argument, ignored);
}

/// The bytes in a file's content, which may be text unless it has `raw_size` bytes.
std::vector<std::uint8_t> bytes_in(std::vector<std::uint8_t> content, std::size_t raw_size) {
  const std::string_view text = trimmed(text_of(content));
  if (content.size() == raw_size || !may_be_encoded(text)) return content;
  return decode_text(text);
}

/// What `make` makes of the bytes that an argument stands for.
template <typename Make>
auto read_argument(const std::string& option, const std::string& argument, std::size_t limit,
                   std::size_t raw_size, const Make& make) {
  if (names_its_encoding(argument))
    return in_context(option, [&] { return make(decode_text(argument)); });
  if (may_be_content(argument))
    throw Error(ErrorKind::usage,
                option + ": no such file; bytes themselves are written hex:... or base64url:...");
  std::vector<std::uint8_t> content = in_context(option, [&] { return read_all(argument, limit); });
  return in_context(fmt::format("{}: {}", option, input_name(argument)),
                    [&] { return make(bytes_in(std::move(content), raw_size)); });
}

}  // namespace

std::optional<Algorithm> algorithm_named(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Algorithm>, 4> kNames = {
      {{"ed25519", Algorithm::ed25519},
       {"eddsa", Algorithm::ed25519},
       {"p256", Algorithm::p256},
       {"es256", Algorithm::p256}}};
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
  for (const auto& [known, algorithm] : kNames)
    if (std::ranges::equal(name, known, same)) return algorithm;
  return std::nullopt;
}

std::vector<std::uint8_t> core_signature(Algorithm algorithm, std::vector<std::uint8_t> bytes) {
  if (algorithm != Algorithm::p256 || bytes.size() == engine::signature::kSignatureBytes)
    return bytes;
  const auto pair = engine::signature::p256_signature_from_der(bytes);
  if (!pair) return bytes;
  return {pair->begin(), pair->end()};
}

PublicKey key_argument(const std::string& argument) {
  return read_argument("--key", argument, engine::signature::kMaxPublicKeyInput,
                       engine::signature::kEd25519KeyBytes,
                       [](Bytes bytes) { return engine::signature::parse_public_key(bytes); });
}

std::vector<std::uint8_t> signature_argument(const std::string& argument) {
  constexpr std::size_t kMaxSignatureFile = 4096;
  return read_argument("--sig", argument, kMaxSignatureFile, engine::signature::kSignatureBytes,
                       [](std::vector<std::uint8_t> bytes) { return bytes; });
}

}  // namespace salus::cli
