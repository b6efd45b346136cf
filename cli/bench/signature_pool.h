// Signatures that verification is measured with: signed before, and their verdicts known.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/verify_input.h"
#include "engine/signature/openssl_object.h"

namespace salus::cli::bench {

/// What to verify.
struct SignatureMix {
  std::string algorithm;  ///< "ed25519", "p256", or "mixed": one of each in turn.
  /// So many keys sign in turn and are announced before; nothing: every item has its own, and
  /// tables of keys are off.
  std::optional<std::size_t> keys;
  std::size_t message_bytes = 128;
  double bad = 0;  ///< Share of items, evenly spread, whose signature is not good.
};

class SignaturePool {
 public:
  /// Signs `count` items, by OpenSSL, and has OpenSSL decide them.
  SignaturePool(const SignatureMix& mix, std::size_t count);
  SignaturePool(const SignaturePool&) = delete;
  SignaturePool& operator=(const SignaturePool&) = delete;

  [[nodiscard]] std::size_t size() const { return items_.size(); }
  [[nodiscard]] engine::signature::Item item(std::size_t i) const { return items_[i].view(); }
  [[nodiscard]] engine::signature::Reason expected(std::size_t i) const { return expected_[i]; }

  /// The keys that come back; none where every item has its own.
  [[nodiscard]] std::vector<engine::signature::KeyView> known_keys() const;

  /// OpenSSL's answer for one item, as fast as it can: the key is in its hands already.
  [[nodiscard]] bool openssl_accepts(std::size_t i) const;

 private:
  SignatureMix mix_;
  std::vector<SignedItem> items_;
  std::vector<engine::signature::Reason> expected_;
  std::vector<engine::signature::OwnedKey> openssl_keys_;  ///< One an item.
  std::vector<std::vector<std::uint8_t>> openssl_signatures_;
};

}  // namespace salus::cli::bench
