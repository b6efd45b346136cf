// One line of `salus verify --jsonl`: an item as a JSON object.
#pragma once

#include <string_view>
#include <unordered_map>

#include "cli/encoded_text.h"
#include "cli/verify_input.h"

namespace salus::cli {

/// Reads lines such as
///
///   {"alg":"ed25519","key":"d75a98...","message":"","signature":"e5564300..."}
///
/// Members may come in any order, none of the four twice; others are passed over. Keys that are not
/// raw are remembered, so that a stream of few keys does not parse each of them a thousand times.
/// One thread at a time.
class SignedLineParser {
 public:
  explicit SignedLineParser(Encoding encoding) : encoding_(encoding) {}

  /// The item in `line`. Throws `Error` (input) that says which member is wrong and why, and shows
  /// none of it.
  SignedItem parse(std::string_view line);

  /// Longest line that can hold an item: the longest message in hex, and room for the rest.
  static constexpr std::size_t kMaxLine =
      2 * engine::signature::kMaxMessageBytes + 2 * engine::signature::kMaxPublicKeyInput;

 private:
  std::vector<std::uint8_t> key_bytes(engine::signature::Algorithm algorithm,
                                      const std::string& text);

  Encoding encoding_;
  std::unordered_map<std::string, engine::signature::PublicKey> known_keys_;
};

}  // namespace salus::cli
