#include "engine/cuda/signature_verifier.h"

#include <algorithm>

#include "engine/signature/device/scalar_offsets.h"

namespace salus::engine::cuda {
namespace {

using signature::Algorithm;
using signature::Item;
using signature::Reason;
using signature::device::BatchLayout;
using signature::device::BatchLimits;
using signature::device::Entry;

/// Threads in a block, as kernels/cuda/ed25519.cu has it.
constexpr unsigned kBlock = 128;

/// A quarter of an SM's threads are resident with these kernels' registers: two waves.
BatchLimits batch_limits(const Sizes& sizes) {
  return BatchLimits::of(std::max<std::size_t>(sizes.resident_threads / 2, 64));
}

/// Items that share an inversion: the more the better, but every place on the device has to have
/// some.
std::uint32_t shared_step(std::size_t count, std::size_t resident_threads) {
  constexpr std::size_t kMostItems = 16;
  const std::size_t places = std::max<std::size_t>(resident_threads / 4, 1);
  return static_cast<std::uint32_t>(
      std::max((count + kMostItems - 1) / kMostItems, std::min(count, places)));
}

/// Copies and waits: for what is made once.
void upload_now(DeviceMemory& to, Bytes bytes, const Stream& stream) {
  to.reserve(bytes.size());
  copy_to_device(to.data(), bytes.data(), bytes.size(), stream);
  stream.synchronize();
}

void upload_offsets(DeviceMemory& to, unsigned key_bits, const Stream& stream) {
  const auto words = signature::device::scalar_offsets(key_bits);
  upload_now(to, {reinterpret_cast<const std::uint8_t*>(words.data()), sizeof words}, stream);
}

const std::uint32_t* words_at(const DeviceMemory& memory, std::size_t bytes) {
  return reinterpret_cast<const std::uint32_t*>(memory.data() + bytes);
}

}  // namespace

Ed25519Tables::Ed25519Tables(const Stream& stream, std::uint64_t bytes)
    : stream_(stream),
      directory_(bytes / signature::device::key_table_bytes(), signature::device::kUsesForTable) {
  upload_now(base_, signature::device::ed25519_base_table(), stream);
}

void Ed25519Tables::store(std::uint32_t place, Bytes table) {
  grow(std::size_t{place} + 1);
  copy_to_device(keys_[current_].data() + place * table.size(), table.data(), table.size(),
                 stream_);
  stream_.synchronize();
}

/// Doubles the room, so that each table is moved about once.
void Ed25519Tables::grow(std::size_t tables) {
  const std::size_t table_bytes = signature::device::key_table_bytes();
  DeviceMemory& old = keys_[current_];
  if (tables * table_bytes <= old.size()) return;
  const std::size_t wanted = std::max<std::size_t>(2 * old.size(), 16 * table_bytes);
  DeviceMemory& larger = keys_[current_ ^ 1];
  larger.reserve(std::min(wanted, directory_.places() * table_bytes));
  copy_on_device(larger.data(), old.data(), old.size(), stream_);
  stream_.synchronize();
  old.reset();
  current_ ^= 1;
}

kernels::cuda::KeyTables Ed25519Tables::keys() const {
  return {keys_[current_].as<std::uint32_t>(), signature::device::kKeyTableBits,
          static_cast<std::uint32_t>(signature::device::key_table_bytes() / 4)};
}

SignatureVerifier::SignatureVerifier(const Sizes& sizes, Stream& compute, std::uint64_t key_bytes)
    : limits_(batch_limits(sizes)),
      resident_threads_(sizes.resident_threads),
      ed25519_(kernels::cuda::ed25519_entries()),
      p256_(kernels::cuda::p256_entries()),
      compute_(compute),
      tables_(upload_, key_bytes),
      scalars_(limits_.items * SALUS_SCALAR_WORDS * 4),
      key_rows_(limits_.items * SALUS_KEY_SCRATCH_WORDS * 4),
      sums_(limits_.items * SALUS_SUM_WORDS * 4),
      products_(limits_.items * 32) {
  upload_offsets(unknown_offsets_, SALUS_KEY_WINDOW, upload_);
  upload_offsets(registered_offsets_, signature::device::kKeyTableBits, upload_);
  upload_now(p256_base_, signature::device::p256_base_table(), upload_);
  for (Slot& slot : slots_) {
    slot.packed.reserve(limits_.bytes);
    slot.arena.reserve(limits_.bytes);
    slot.reasons.reserve(limits_.items);
    slot.answers.reserve(limits_.items);
  }
  test_ed25519();
  test_p256();
}

signature::device::StoreTable SignatureVerifier::store_table() {
  return [this](std::uint32_t place, Bytes table) { tables_.store(place, table); };
}

void SignatureVerifier::verify(std::span<const Item> items, std::span<Reason> out) {
  for (Slot& slot : slots_) slot.entries = {};  // what a call that failed has left
  auto sorted = signature::device::sort_items(tables_.directory(), items, store_table());
  run(items, sorted.unknown, Path::ed25519, out);
  run(items, sorted.registered, Path::ed25519_registered, out);
  run(items, sorted.p256, Path::p256, out);
}

void SignatureVerifier::run(std::span<const Item> items, Entries& entries, Path path,
                            std::span<Reason> out) {
  signature::device::sort_by_blocks(items, entries);
  for (std::span<const Entry> left = entries; !left.empty();) {
    const std::size_t count = signature::device::batch_count(items, left, limits_);
    Slot& slot = slots_[batches_++ % slots_.size()];
    collect(slot, out);
    slot.entries = left.first(count);
    start(slot, items, path);
    left = left.subspan(count);
  }
  for (std::size_t i = 0; i < slots_.size(); ++i) collect(slots_[batches_++ % slots_.size()], out);
}

void SignatureVerifier::start(Slot& slot, std::span<const Item> items, Path path) {
  const BatchLayout at = signature::device::batch_layout(items, slot.entries);
  signature::device::pack_batch(items, slot.entries, at, {slot.packed.data(), at.size});
  copy_to_device(slot.arena.data(), slot.packed.data(), at.size, upload_);
  slot.uploaded.record(upload_);
  slot.uploaded.block(compute_);
  const kernels::cuda::SignatureBatch batch = {
      .count = static_cast<std::uint32_t>(slot.entries.size()),
      .arena = words_at(slot.arena, 0),
      .keys = words_at(slot.arena, at.keys),
      .signatures = words_at(slot.arena, at.signatures),
      .scalars = scalars_.as<std::uint32_t>(),
      .sums = sums_.as<std::uint32_t>(),
      .products = products_.as<std::uint32_t>(),
      .reasons = slot.reasons.data()};
  if (path == Path::p256)
    compute_p256(batch);
  else
    compute_ed25519(batch, path == Path::ed25519_registered);
  slot.computed.record(compute_);
  slot.computed.block(download_);
  copy_to_host(slot.answers.data(), slot.reasons.data(), slot.entries.size(), download_);
  slot.downloaded.record(download_);
}

void SignatureVerifier::compute_ed25519(const kernels::cuda::SignatureBatch& batch,
                                        bool registered) {
  const DeviceMemory& offsets = registered ? registered_offsets_ : unknown_offsets_;
  launch(compute_, "hash for Ed25519", ed25519_.challenge, batch.count, kBlock, batch,
         offsets.as<std::uint32_t>());
  if (registered)
    launch(compute_, "verify Ed25519 with tables", ed25519_.sum_registered, batch.count, kBlock,
           batch, tables_.base(), tables_.keys());
  else
    launch(compute_, "verify Ed25519", ed25519_.sum_unknown, batch.count, kBlock, batch,
           tables_.base(), key_rows_.as<std::uint32_t>());
  const std::uint32_t step = shared_step(batch.count, resident_threads_);
  launch(compute_, "compare Ed25519", ed25519_.finish, step, kBlock, batch, step);
}

void SignatureVerifier::compute_p256(const kernels::cuda::SignatureBatch& batch) {
  const std::uint32_t step = shared_step(batch.count, resident_threads_);
  launch(compute_, "hash for P-256", p256_.hash, batch.count, kBlock, batch);
  launch(compute_, "make scalars for P-256", p256_.scalars, step, kBlock, batch, step);
  launch(compute_, "verify P-256", p256_.verify, batch.count, kBlock, batch,
         p256_base_.as<std::uint32_t>(), key_rows_.as<std::uint32_t>());
  launch(compute_, "verify P-256 completely", p256_.verify_open, batch.count, kBlock, batch);
}

/// Waits for the slot's batch, if it has one, and hands out its verdicts.
void SignatureVerifier::collect(Slot& slot, std::span<Reason> out) {
  if (slot.entries.empty()) return;
  slot.downloaded.synchronize();
  for (std::size_t i = 0; i < slot.entries.size(); ++i)
    out[slot.entries[i].item] = static_cast<Reason>(slot.answers.data()[i]);
  slot.entries = {};
}

void SignatureVerifier::register_keys(std::span<const signature::KeyView> keys) {
  tables_.directory().begin_round();
  signature::device::make_tables(tables_.directory(), signature::device::ed25519_keys(keys),
                                 store_table());
}

/// Once with any key, and once with tables where there is room for some.
void SignatureVerifier::test_ed25519() {
  const auto known = signature::device::known_items(Algorithm::ed25519);
  const std::vector<Item> items = signature::device::views(Algorithm::ed25519, known);
  std::vector<Reason> out(items.size());
  auto sorted = signature::device::sort_items(tables_.directory(), items, store_table());
  run(items, sorted.unknown, Path::ed25519, out);
  signature::device::check_known(known, sorted.unknown, out, "Ed25519");

  std::vector<signature::KeyView> keys;
  for (const Item& item : items) keys.push_back({item.algorithm, item.public_key});
  register_keys(keys);
  sorted = signature::device::sort_items(tables_.directory(), items, store_table());
  run(items, sorted.registered, Path::ed25519_registered, out);
  signature::device::check_known(known, sorted.registered, out, "Ed25519 with tables");
}

void SignatureVerifier::test_p256() {
  const auto known = signature::device::known_items(Algorithm::p256);
  const std::vector<Item> items = signature::device::views(Algorithm::p256, known);
  std::vector<Reason> out(items.size());
  auto sorted = signature::device::sort_items(tables_.directory(), items, store_table());
  run(items, sorted.p256, Path::p256, out);
  signature::device::check_known(known, sorted.p256, out, "P-256");
}

}  // namespace salus::engine::cuda
