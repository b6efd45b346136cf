#include "engine/signature/device/key_tables.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/error.h"
#include "engine/signature/cpu/ed25519_batch.h"
#include "engine/signature/cpu/p256_variant.h"
#include "kernels/gpu/signature_batch.h"

namespace salus::engine::signature::device {
namespace {

constexpr std::size_t kTablesAtOnce = 8;  ///< The lanes of the host's widest variant.

Bytes bytes_of(const std::uint64_t* words, std::size_t count) {
  return {reinterpret_cast<const std::uint8_t*>(words), count * sizeof *words};
}

/// a / 2 modulo the prime of P-256: a or a + p, whichever is even, shifted.
void halve_p256(std::uint64_t a[4]) {
  constexpr std::array<std::uint64_t, 4> kPrime = {0xffffffffffffffff, 0x00000000ffffffff, 0,
                                                   0xffffffff00000001};
  std::uint64_t carry = 0;
  if ((a[0] & 1) != 0) {
    for (std::size_t i = 0; i < kPrime.size(); ++i) {
      const auto sum = static_cast<unsigned __int128>(a[i]) + kPrime[i] + carry;
      a[i] = static_cast<std::uint64_t>(sum);
      carry = static_cast<std::uint64_t>(sum >> 64);
    }
  }
  for (std::size_t i = 0; i < 3; ++i) a[i] = a[i] >> 1 | a[i + 1] << 63;
  a[3] = a[3] >> 1 | carry << 63;
}

}  // namespace

std::size_t key_table_bytes() { return cpu::comb_words(kKeyTableBits) * sizeof(std::uint64_t); }

Bytes ed25519_base_table() {
  const cpu::CombTable& base = cpu::base_comb();
  if (base.bits != SALUS_BASE_WINDOW) throw Error(ErrorKind::device, "another table was expected");
  return bytes_of(base.rows, cpu::comb_words(base.bits));
}

Bytes p256_base_table() {
  static_assert(cpu::kP256BaseBits == SALUS_BASE_WINDOW);
  static const std::vector<std::uint64_t> rows = [] {
    const std::size_t words = cpu::p256_comb_words(cpu::kP256BaseBits);
    std::vector<std::uint64_t> made(cpu::p256_base_comb().rows, cpu::p256_base_comb().rows + words);
    for (std::size_t at = 0; at < words; at += 4)
      for (int halving = 0; halving < 4; ++halving) halve_p256(&made[at]);
    return made;
  }();
  return bytes_of(rows.data(), rows.size());
}

void make_tables(KeyDirectory& directory, std::span<const KeyDirectory::Key> keys,
                 const StoreTable& store) {
  if (directory.places() == 0) return;
  const cpu::Ed25519Variant& variant = cpu::best_ed25519_variant();
  const std::size_t words = cpu::comb_words(kKeyTableBits);
  std::vector<std::uint64_t> rows(kTablesAtOnce * words);
  for (std::size_t first = 0; first < keys.size(); first += kTablesAtOnce) {
    const std::size_t count = std::min(kTablesAtOnce, keys.size() - first);
    const std::uint8_t* points[kTablesAtOnce];
    std::uint64_t* tables[kTablesAtOnce];
    bool is_on_curve[kTablesAtOnce];
    for (std::size_t i = 0; i < count; ++i) {
      points[i] = keys[first + i].data();
      tables[i] = &rows[i * words];
    }
    variant.make_combs(points, count, kKeyTableBits, tables, is_on_curve);
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_on_curve[i]) continue;
      const auto place = directory.give_table(keys[first + i]);
      if (!place) return;
      store(*place, bytes_of(tables[i], words));
    }
  }
}

std::vector<KeyDirectory::Key> ed25519_keys(std::span<const KeyView> keys) {
  std::vector<KeyDirectory::Key> found;
  for (const KeyView& key : keys)
    if (key.algorithm == Algorithm::ed25519 && key.bytes.size() == kEd25519KeyBytes)
      std::ranges::copy(key.bytes, found.emplace_back().begin());
  return found;
}

SortedItems sort_items(KeyDirectory& directory, std::span<const Item> items,
                       const StoreTable& store) {
  SortedItems sorted;
  directory.begin_round();
  std::vector<const KeyDirectory::Known*> known(items.size());
  for (std::size_t i = 0; i < items.size(); ++i)
    if (items[i].algorithm == Algorithm::ed25519) known[i] = &directory.use(items[i].public_key);
  make_tables(directory, directory.take_earned(), store);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto item = static_cast<std::uint32_t>(i);
    if (known[i] == nullptr)
      sorted.p256.push_back({item});
    else if (known[i]->table)
      sorted.registered.push_back({item, *known[i]->table});
    else
      sorted.unknown.push_back({item});
  }
  return sorted;
}

void check_known(const std::vector<KnownItem>& known, std::span<const Entry> entries,
                 std::span<const Reason> reasons, const char* kernels) {
  for (const Entry& entry : entries)
    if (reasons[entry.item] != known[entry.item].reason)
      throw Error(ErrorKind::device, std::string("wrong answer from the kernels of ") + kernels);
}

}  // namespace salus::engine::signature::device
