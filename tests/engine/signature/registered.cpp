#include "tests/engine/signature/registered.h"

#include <openssl/sha.h>

#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "engine/signature/cpu/ed25519_batch.h"
#include "engine/signature/cpu/p256_batch.h"
#include "engine/signature/form.h"

namespace salus::engine::signature {
namespace {

using KeyBytes = std::vector<std::uint8_t>;

struct Table {
  std::vector<std::uint64_t> rows;
  bool is_on_curve = false;
};

/// Tables are kept for one thread's next calls: tests ask for the same keys again and again.
template <typename Variant>
using Tables = std::map<std::tuple<const Variant*, int, KeyBytes>, Table>;

/// Makes all tables that are missing in one call, so that all lanes are used.
template <typename Variant>
void make_missing(Tables<Variant>& tables, const Variant& variant, int bits, std::size_t words,
                  const std::vector<KeyBytes>& keys) {
  std::vector<const std::uint8_t*> bytes;
  std::vector<std::uint64_t*> rows;
  std::vector<Table*> made;
  for (const KeyBytes& key : keys) {
    const auto [at, is_new] = tables.try_emplace({&variant, bits, key});
    if (!is_new) continue;
    at->second.rows.resize(words);
    bytes.push_back(key.data());
    rows.push_back(at->second.rows.data());
    made.push_back(&at->second);
  }
  const std::unique_ptr<bool[]> is_on_curve(new bool[bytes.size()]);
  variant.make_combs(bytes.data(), bytes.size(), bits, rows.data(), is_on_curve.get());
  for (std::size_t i = 0; i < made.size(); ++i) made[i]->is_on_curve = is_on_curve[i];
}

cpu::RegisteredItem to_registered(const cpu::Ed25519Variant& variant, const Item& item,
                                  const std::uint64_t* table) {
  cpu::RegisteredItem r{table, item.signature.data(), {}};
  const cpu::ChallengeItem challenge{item.signature.data(), item.public_key.data(),
                                     item.message.data(), item.message.size()};
  variant.challenges(&challenge, 1, &r.k);
  return r;
}

cpu::P256RegisteredItem to_registered(const cpu::P256Variant& variant, const Item& item,
                                      const std::uint64_t* table) {
  cpu::P256RegisteredItem r{table, {}};
  std::uint8_t hash[SHA256_DIGEST_LENGTH];
  SHA256(item.message.data(), item.message.size(), hash);
  const cpu::P256SignedHash signed_hash{item.signature.data(), hash};
  variant.scalars(&signed_hash, 1, &r.scalars);
  return r;
}

/// Decides the items at `indices`, which are all of the variant's algorithm.
template <typename Registered, typename Variant, typename Comb>
void verify(const Variant& variant, const Comb& base, int bits, std::size_t words,
            std::span<const Item> items, const std::vector<std::size_t>& indices,
            Verdicts& verdicts) {
  thread_local Tables<Variant> tables;
  std::vector<KeyBytes> keys;
  for (const std::size_t i : indices)
    keys.emplace_back(items[i].public_key.begin(), items[i].public_key.end());
  make_missing(tables, variant, bits, words, keys);

  std::vector<Registered> registered;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const Table& table = tables.at({&variant, bits, keys[i]});
    if (table.is_on_curve) {
      registered.push_back(to_registered(variant, items[indices[i]], table.rows.data()));
      places.push_back(indices[i]);
    } else {
      verdicts.set(indices[i], Reason::key_not_on_curve);
    }
  }
  std::vector<Reason> reasons(registered.size());
  variant.decide_registered(base, bits, registered.data(), registered.size(), reasons.data());
  for (std::size_t i = 0; i < places.size(); ++i) verdicts.set(places[i], reasons[i]);
}

}  // namespace

Verdicts verify_registered(const cpu::Ed25519Variant& ed25519, const cpu::P256Variant& p256,
                           int bits, std::span<const Item> items, const Policy& policy) {
  Verdicts verdicts(items.size());
  std::vector<std::size_t> ed25519_items;
  std::vector<std::size_t> p256_items;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Reason form = check_form(items[i], policy);
    if (form != Reason::valid)
      verdicts.set(i, form);
    else
      (items[i].algorithm == Algorithm::ed25519 ? ed25519_items : p256_items).push_back(i);
  }
  verify<cpu::RegisteredItem>(ed25519, cpu::base_comb(), bits, cpu::comb_words(bits), items,
                              ed25519_items, verdicts);
  verify<cpu::P256RegisteredItem>(p256, cpu::p256_base_comb(), bits, cpu::p256_comb_words(bits),
                                  items, p256_items, verdicts);
  return verdicts;
}

}  // namespace salus::engine::signature
