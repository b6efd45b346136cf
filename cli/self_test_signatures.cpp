// The part of the self-test that verifies signatures.
#include <fmt/format.h>

#include <optional>
#include <stdexcept>

#include "cli/sample_signatures.h"
#include "cli/self_test.h"
#include "engine/signature/form.h"
#include "engine/signature/reference.h"

namespace salus::cli {
namespace {

using engine::signature::Algorithm;
using engine::signature::Item;
using engine::signature::KeyView;
using engine::signature::Reason;

/// Items of the right form and OpenSSL's verdict on each.
struct Examples {
  std::vector<SignedItem> items;
  std::vector<Reason> expected;

  void add(SignedItem item) {
    if (check_form(item.view(), {}) != Reason::valid) return;
    expected.push_back(verify_reference(item.view()));
    items.push_back(std::move(item));
  }
};

/// `item` with something wrong about it, another thing for each `kind`; with some of them as it is.
SignedItem changed(SignedItem item, std::size_t kind, const SignedItem& other) {
  constexpr std::size_t kSecondNumber = 32;
  switch (kind) {
    case 0: spoil_signature(item); break;
    case 1: item.signature[kSecondNumber + 5] ^= 0x10; break;
    case 2: item.message.push_back(0); break;
    case 3: item.key = other.key; break;
    case 4: item.signature = other.signature; break;
    case 5: item.key.back() ^= 1; break;  // on the curve or not
    case 6: item.message.clear(); break;
    default: break;
  }
  return item;
}

/// Messages of all lengths around the blocks of both hashes, keys that come back, good signatures
/// and bad ones mixed.
Examples make_examples() {
  constexpr std::size_t kSignatures = 14;
  constexpr std::size_t kKeys = 5;
  constexpr std::size_t kKinds = 10;
  Examples examples;
  for (const std::size_t length : {0, 1, 47, 48, 55, 56, 63, 64, 111, 112, 128, 200, 5000})
    for (const Algorithm algorithm : {Algorithm::ed25519, Algorithm::p256}) {
      const auto good = sample_signatures({algorithm, kSignatures, kKeys, length});
      for (std::size_t i = 0; i < good.size(); ++i)
        examples.add(changed(good[i], i % kKinds, good[(i + 1) % good.size()]));
    }
  return examples;
}

/// Made once: signing takes longer than verifying.
const Examples& all_examples() {
  static const Examples examples = make_examples();
  return examples;
}

/// Those of one algorithm, or of both mixed.
Examples examples_of(std::optional<Algorithm> algorithm) {
  Examples chosen;
  const Examples& all = all_examples();
  for (std::size_t i = 0; i < all.items.size(); ++i) {
    if (algorithm && all.items[i].algorithm != *algorithm) continue;
    chosen.items.push_back(all.items[i]);
    chosen.expected.push_back(all.expected[i]);
  }
  return chosen;
}

/// Verifies all examples in pieces of `size`.
void compare(engine::Device& device, const Examples& examples, std::size_t size) {
  std::vector<Item> items;
  for (const SignedItem& item : examples.items) items.push_back(item.view());
  std::vector<Reason> got(items.size());
  for (std::size_t begin = 0; begin < items.size(); begin += size) {
    const std::size_t count = std::min(size, items.size() - begin);
    device.verify_signatures(std::span(items).subspan(begin, count),
                             std::span(got).subspan(begin, count));
  }
  for (std::size_t i = 0; i < got.size(); ++i)
    if (got[i] != examples.expected[i])
      throw std::runtime_error(
          fmt::format("wrong answer: signature {} in batches of {} is {}, OpenSSL says {}", i, size,
                      to_string(got[i]), to_string(examples.expected[i])));
}

std::uint64_t check(engine::Device& device, std::optional<Algorithm> algorithm) {
  const Examples examples = examples_of(algorithm);
  std::uint64_t compared = 0;
  for (const std::size_t size : {examples.items.size(), std::size_t{1}, std::size_t{9}}) {
    compare(device, examples, size);
    compared += examples.items.size();
  }
  // With tables for their keys, where the device keeps any.
  std::vector<KeyView> keys;
  for (const SignedItem& item : examples.items) keys.push_back({item.algorithm, item.key});
  device.register_keys(keys);
  compare(device, examples, examples.items.size());
  return compared + examples.items.size();
}

}  // namespace

std::vector<SelfTestResult> self_test_signatures(engine::Device& device) {
  return {run_self_test("Ed25519 signatures", device,
                        [](engine::Device& d) { return check(d, Algorithm::ed25519); }),
          run_self_test("P-256 signatures", device,
                        [](engine::Device& d) { return check(d, Algorithm::p256); }),
          run_self_test("mixed signatures", device,
                        [](engine::Device& d) { return check(d, std::nullopt); })};
}

}  // namespace salus::cli
