#include "cli/verify_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "cli/encoded_text.h"
#include "cli/input_file.h"
#include "engine/error.h"
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

/// What an argument stands for: the bytes of a file, or of text in a file or in itself. `raw_size`
/// bytes in a file are never text.
std::vector<std::uint8_t> argument_bytes(const std::string& argument, std::size_t limit,
                                         std::size_t raw_size) {
  if (names_its_encoding(argument)) return decode_text(argument);
  std::vector<std::uint8_t> content = read_all(argument, limit);
  const std::string_view text = trimmed(text_of(content));
  if (content.size() == raw_size || !may_be_encoded(text)) return content;
  try {
    return decode_text(text);
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("{}: {}", input_name(argument), error.what()));
  }
}

/// Says whose argument was refused. What may be a key is not shown.
template <typename Read>
auto read_argument(const char* option, const std::string& argument, const Read& read) {
  try {
    if (!names_its_encoding(argument) && may_be_content(argument))
      throw Error(ErrorKind::usage,
                  "no such file; bytes themselves are written hex:... or base64url:...");
    return read();
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("{}: {}", option, error.what()));
  }
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
  using engine::signature::kEd25519KeyBytes;
  using engine::signature::kMaxPublicKeyInput;
  return read_argument("--key", argument, [&] {
    const std::vector<std::uint8_t> bytes =
        argument_bytes(argument, kMaxPublicKeyInput, kEd25519KeyBytes);
    try {
      return engine::signature::parse_public_key(bytes);
    } catch (const Error& error) {
      if (names_its_encoding(argument)) throw;
      throw Error(error.kind(), fmt::format("{}: {}", input_name(argument), error.what()));
    }
  });
}

std::vector<std::uint8_t> signature_argument(const std::string& argument) {
  constexpr std::size_t kMaxSignatureFile = 4096;
  return read_argument("--sig", argument, [&] {
    return argument_bytes(argument, kMaxSignatureFile, engine::signature::kSignatureBytes);
  });
}

}  // namespace salus::cli
