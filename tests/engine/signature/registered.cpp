#include "tests/engine/signature/registered.h"

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "engine/signature/form.h"
#include "engine/signature/reference.h"

namespace salus::engine::signature {
namespace {

using KeyBytes = std::vector<std::uint8_t>;

struct Table {
  std::vector<std::uint64_t> rows;
  bool is_on_curve = false;
};

/// Tables are kept for one thread's next calls: tests ask for the same keys again and again.
using Tables = std::map<std::tuple<const cpu::Ed25519Variant*, int, KeyBytes>, Table>;

/// Makes all tables that are missing in one call, so that all lanes are used.
void make_missing(Tables& tables, const cpu::Ed25519Variant& variant, int bits,
                  const std::vector<KeyBytes>& keys) {
  std::vector<const std::uint8_t*> bytes;
  std::vector<std::uint64_t*> rows;
  std::vector<Table*> made;
  for (const KeyBytes& key : keys) {
    const auto [at, is_new] = tables.try_emplace({&variant, bits, key});
    if (!is_new) continue;
    at->second.rows.resize(cpu::comb_words(bits));
    bytes.push_back(key.data());
    rows.push_back(at->second.rows.data());
    made.push_back(&at->second);
  }
  const std::unique_ptr<bool[]> is_on_curve(new bool[bytes.size()]);
  variant.make_combs(bytes.data(), bytes.size(), bits, rows.data(), is_on_curve.get());
  for (std::size_t i = 0; i < made.size(); ++i) made[i]->is_on_curve = is_on_curve[i];
}

}  // namespace

Verdicts verify_registered(const cpu::Ed25519Variant& variant, int bits,
                           std::span<const Item> items, const Policy& policy) {
  thread_local Tables tables;
  Verdicts verdicts(items.size());
  std::vector<std::size_t> indices;
  std::vector<KeyBytes> keys;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Reason form = check_form(items[i], policy);
    if (form == Reason::valid && items[i].algorithm == Algorithm::ed25519) {
      indices.push_back(i);
      keys.emplace_back(items[i].public_key.begin(), items[i].public_key.end());
    } else {
      verdicts.set(i, verify_reference(items[i], policy));
    }
  }
  make_missing(tables, variant, bits, keys);

  std::vector<cpu::RegisteredItem> registered;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const Item& item = items[indices[i]];
    const Table& table = tables.at({&variant, bits, keys[i]});
    if (!table.is_on_curve) {
      verdicts.set(indices[i], Reason::key_not_on_curve);
      continue;
    }
    cpu::RegisteredItem r{table.rows.data(), item.signature.data(), {}};
    const cpu::ChallengeItem challenge{item.signature.data(), item.public_key.data(),
                                       item.message.data(), item.message.size()};
    variant.challenges(&challenge, 1, &r.k);
    registered.push_back(r);
    places.push_back(indices[i]);
  }
  std::vector<Reason> reasons(registered.size());
  variant.decide_registered(cpu::base_comb(), bits, registered.data(), registered.size(),
                            reasons.data());
  for (std::size_t i = 0; i < places.size(); ++i) verdicts.set(places[i], reasons[i]);
  return verdicts;
}

}  // namespace salus::engine::signature
