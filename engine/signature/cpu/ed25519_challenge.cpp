#include "engine/signature/cpu/ed25519_challenge.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "engine/error.h"

namespace salus::engine::signature::cpu {
namespace {

struct FreeDigest {
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

double blocks_of(const ChallengeItem& item) {
  return static_cast<double>((item.message_size + 64 + 17 + 127) / 128);  // R, A; padding
}

}  // namespace

void challenge_alone(const ChallengeItem& item, std::uint64_t k[4]) {
  static const std::unique_ptr<EVP_MD, FreeDigest> sha512(EVP_MD_fetch(nullptr, "SHA512", nullptr));
  const std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
  std::uint64_t hash[8];
  if (!sha512 || !context || EVP_DigestInit_ex2(context.get(), sha512.get(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), item.r, 32) != 1 ||
      EVP_DigestUpdate(context.get(), item.key, 32) != 1 ||
      EVP_DigestUpdate(context.get(), item.message, item.message_size) != 1 ||
      EVP_DigestFinal_ex(context.get(), reinterpret_cast<std::uint8_t*>(hash), nullptr) != 1)
    throw Error(ErrorKind::system, "OpenSSL cannot hash");
  reduce_challenge(hash, k);
}

void make_challenges(const VerifyChoice& choice, std::span<const ChallengeItem> items,
                     std::uint64_t (*k)[4]) {
  const Ed25519Variant& variant = *choice.ed25519.many;
  // From the longest on: full lanes, unless the longest would keep the others waiting for so long
  // that all of them one by one are faster.
  for (std::size_t end = items.size(); end > 0;) {
    const std::size_t begin = end - std::min<std::size_t>(end, variant.lanes);
    double blocks = 0;
    for (const ChallengeItem& item : items.subspan(begin, end - begin)) blocks += blocks_of(item);
    if (blocks_of(items[end - 1]) * choice.sha512.lanes_block <=
        blocks * choice.sha512.single_block) {
      variant.challenges(&items[begin], end - begin, k + begin);
      end = begin;
    } else {
      --end;
      challenge_alone(items[end], k[end]);
    }
  }
}

}  // namespace salus::engine::signature::cpu
