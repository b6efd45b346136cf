#include "cli/sample_signatures.h"

#include <openssl/core_names.h>

#include <algorithm>
#include <string>
#include <utility>

#include "engine/reference/sample_data.h"
#include "engine/signature/openssl_object.h"

namespace salus::cli {
namespace {

using engine::signature::Algorithm;
using engine::signature::OwnedDigestContext;
using engine::signature::OwnedKey;
using engine::signature::require_openssl;

class Signer {
 public:
  explicit Signer(Algorithm algorithm)
      : algorithm_(algorithm),
        key_(algorithm == Algorithm::ed25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                                             : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")) {
    require_openssl(key_ != nullptr, "make a key");
  }

  [[nodiscard]] std::vector<std::uint8_t> public_key() const {
    const bool is_ed25519 = algorithm_ == Algorithm::ed25519;
    std::size_t size =
        is_ed25519 ? engine::signature::kEd25519KeyBytes : engine::signature::kP256KeyBytes;
    std::vector<std::uint8_t> bytes(size);
    require_openssl(
        (is_ed25519 ? EVP_PKEY_get_raw_public_key(key_.get(), bytes.data(), &size)
                    : EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                                      bytes.data(), bytes.size(), &size)) == 1,
        "give a public key");
    return bytes;
  }

  [[nodiscard]] std::vector<std::uint8_t> sign(Bytes message) const {
    const bool is_ed25519 = algorithm_ == Algorithm::ed25519;
    constexpr std::size_t kMostBytes = 80;
    const OwnedDigestContext context(EVP_MD_CTX_new());
    std::vector<std::uint8_t> signature(kMostBytes);
    std::size_t size = signature.size();
    require_openssl(
        context &&
            EVP_DigestSignInit_ex(context.get(), nullptr, is_ed25519 ? nullptr : "SHA256", nullptr,
                                  nullptr, key_.get(), nullptr) == 1 &&
            EVP_DigestSign(context.get(), signature.data(), &size, message.data(),
                           message.size()) == 1,
        "sign");
    signature.resize(size);
    return core_signature(algorithm_, std::move(signature));
  }

 private:
  Algorithm algorithm_;
  OwnedKey key_;
};

}  // namespace

std::vector<SignedItem> sample_signatures(const SampleSignatures& what) {
  std::vector<Signer> signers;
  std::vector<std::vector<std::uint8_t>> keys;
  for (std::size_t i = 0; i < std::min(what.keys, what.count); ++i) {
    signers.emplace_back(what.algorithm);
    keys.push_back(signers.back().public_key());
  }
  std::vector<SignedItem> items;
  items.reserve(what.count);
  for (std::size_t i = 0; i < what.count; ++i) {
    const std::size_t key = i % signers.size();
    std::vector<std::uint8_t> message = engine::sample_bytes(what.message_bytes, i);
    std::vector<std::uint8_t> signature = signers[key].sign(message);
    items.push_back({what.algorithm, keys[key], std::move(message), std::move(signature)});
  }
  return items;
}

void spoil_signature(SignedItem& item) {
  // The lowest bit of R's y, or of r: almost every other value is as good as any.
  const std::size_t lowest = item.algorithm == Algorithm::ed25519 ? 0 : 31;
  item.signature.at(lowest) ^= 1;
}

}  // namespace salus::cli
