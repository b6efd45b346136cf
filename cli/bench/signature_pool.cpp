#include "cli/bench/signature_pool.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "cli/sample_signatures.h"
#include "engine/signature/openssl_key.h"
#include "engine/signature/reference.h"

namespace salus::cli::bench {
namespace {

using engine::signature::Algorithm;

/// Good signatures, those of several algorithms in turn.
std::vector<SignedItem> signed_items(const SignatureMix& mix, std::size_t count) {
  std::vector<Algorithm> algorithms = {Algorithm::ed25519, Algorithm::p256};
  if (mix.algorithm != "mixed") algorithms = {*algorithm_named(mix.algorithm)};
  const std::size_t share = (count + algorithms.size() - 1) / algorithms.size();
  const std::size_t keys = mix.keys.value_or(count);
  std::vector<std::vector<SignedItem>> parts;
  for (const Algorithm algorithm : algorithms)
    parts.push_back(sample_signatures(
        {algorithm, share, (keys + algorithms.size() - 1) / algorithms.size(), mix.message_bytes}));
  std::vector<SignedItem> items;
  for (std::size_t i = 0; i < count; ++i)
    items.push_back(std::move(parts[i % parts.size()][i / parts.size()]));
  return items;
}

/// Whether item `i` is one of those that are spread evenly with this share.
bool is_bad(std::size_t i, double share) {
  return std::floor(static_cast<double>(i + 1) * share) >
         std::floor(static_cast<double>(i) * share);
}

}  // namespace

SignaturePool::SignaturePool(const SignatureMix& mix, std::size_t count)
    : mix_(mix), items_(signed_items(mix, count)) {
  for (std::size_t i = 0; i < items_.size(); ++i) {
    SignedItem& item = items_[i];
    if (is_bad(i, mix.bad)) spoil_signature(item);
    expected_.push_back(engine::signature::verify_reference(item.view()));
    openssl_keys_.push_back(engine::signature::openssl_key(item.algorithm, item.key));
    openssl_signatures_.push_back(
        engine::signature::openssl_signature(item.algorithm, item.signature));
  }
}

std::vector<engine::signature::KeyView> SignaturePool::known_keys() const {
  std::vector<engine::signature::KeyView> keys;
  if (!mix_.keys) return keys;
  for (const SignedItem& item : std::span(items_).first(std::min(*mix_.keys, items_.size())))
    keys.push_back({item.algorithm, item.key});
  return keys;
}

bool SignaturePool::openssl_accepts(std::size_t i) const {
  return engine::signature::openssl_accepts(openssl_keys_[i].get(), items_[i].algorithm,
                                            openssl_signatures_[i], items_[i].message);
}

}  // namespace salus::cli::bench
