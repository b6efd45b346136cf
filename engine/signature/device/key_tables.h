// Comb tables of keys as devices keep them, and the items that are decided with them.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "engine/signature/device/batch.h"
#include "engine/signature/device/key_directory.h"
#include "engine/signature/device/known_items.h"
#include "engine/signature/signature.h"

namespace salus::engine::signature::device {

/// Bits of a window in a key's table (kernels/comb_ed25519.h).
inline constexpr unsigned kKeyTableBits = 8;

/// Bytes of one table: 393,216.
std::size_t key_table_bytes();

/// The base point's tables, with windows of SALUS_BASE_WINDOW bits. P-256's is in Montgomery form
/// with R = 2^256, where kernels/comb_p256.h has 2^260.
Bytes ed25519_base_table();
Bytes p256_base_table();

/// The host makes some thousand tables a second, and a table saves a device a fraction of a
/// microsecond each time: so often must a key come back.
inline constexpr std::uint64_t kUsesForTable = 4096;

/// Called with a place and the table that belongs there.
using StoreTable = std::function<void(std::uint32_t place, Bytes table)>;

/// Makes tables, on the host, for those of `keys` that are points and find a place.
void make_tables(KeyDirectory& directory, std::span<const KeyDirectory::Key> keys,
                 const StoreTable& store);

/// The Ed25519 keys among `keys` that have the right length.
std::vector<KeyDirectory::Key> ed25519_keys(std::span<const KeyView> keys);

/// A call's items by the kernels that decide them.
struct SortedItems {
  std::vector<Entry> unknown;     ///< Ed25519, any key.
  std::vector<Entry> registered;  ///< Ed25519, keys with tables.
  std::vector<Entry> p256;
};

/// Begins a round of `directory`. Keys that have earned a table by these items get one first.
SortedItems sort_items(KeyDirectory& directory, std::span<const Item> items,
                       const StoreTable& store);

/// Throws `Error` (device) that names `kernels` unless `reasons` are what is known.
void check_known(const std::vector<KnownItem>& known, std::span<const Entry> entries,
                 std::span<const Reason> reasons, const char* kernels);

}  // namespace salus::engine::signature::device
