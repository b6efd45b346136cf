#include "engine/cuda/signature_verifier.h"

#include <algorithm>

#include "engine/signature/cpu/host_tables.h"
#include "engine/signature/device/base_tables.h"
#include "engine/signature/device/known_items.h"
#include "engine/signature/device/scalar_offsets.h"

namespace salus::engine::cuda {
namespace {

using signature::Algorithm;
using signature::Item;
using signature::Reason;
using signature::TableSize;
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

std::size_t index_of(TableSize size) { return static_cast<std::size_t>(size); }

std::uint32_t bits_of(TableSize size) {
  return static_cast<std::uint32_t>(signature::cpu::window_bits(size));
}

const std::uint32_t* words_at(const DeviceMemory& memory, std::size_t bytes) {
  return reinterpret_cast<const std::uint32_t*>(memory.data() + bytes);
}

}  // namespace

SignatureVerifier::SignatureVerifier(const Sizes& sizes, Stream& compute, std::uint64_t key_bytes)
    : limits_(batch_limits(sizes)),
      resident_threads_(sizes.resident_threads),
      ed25519_(kernels::cuda::ed25519_entries()),
      p256_(kernels::cuda::p256_entries()),
      compute_(compute),
      table_memory_(upload_, key_bytes),
      tables_(key_bytes,
              [this](std::uint64_t offset, Bytes table) { table_memory_.store(offset, table); }),
      scalars_(limits_.items * SALUS_SCALAR_WORDS * 4),
      key_rows_(limits_.items * SALUS_KEY_SCRATCH_WORDS * 4),
      sums_(limits_.items * SALUS_SUM_WORDS * 4),
      products_(limits_.items * 32) {
  upload_now(ed25519_base_, signature::device::ed25519_base_table(), upload_);
  upload_offsets(offsets_[index_of(TableSize::none)], SALUS_KEY_WINDOW, upload_);
  for (const TableSize size : {TableSize::small, TableSize::large})
    upload_offsets(offsets_[index_of(size)], bits_of(size), upload_);
  upload_now(p256_base_, signature::device::p256_base_table(), upload_);
  for (Slot& slot : slots_) {
    slot.packed.reserve(limits_.bytes);
    slot.arena.reserve(limits_.bytes);
    slot.reasons.reserve(limits_.items);
    slot.answers.reserve(limits_.items);
  }
  test_kernels_for(Algorithm::ed25519);
  test_kernels_for(Algorithm::p256);
}

void SignatureVerifier::verify(std::span<const Item> items, std::span<Reason> out) {
  const auto sorted = decide(items, out);
  tables_.count_valid(items, sorted, out);
}

/// Returns which kernels decided what.
signature::device::SortedItems SignatureVerifier::decide(std::span<const Item> items,
                                                         std::span<Reason> out) {
  for (Slot& slot : slots_) slot.entries = {};  // what a call that failed has left
  const auto reader = tables_.enter();
  auto sorted = tables_.sort(reader, items);
  for (const Path path : signature::device::kPaths) start_path(items, sorted.at(path), path, out);
  for (std::size_t i = 0; i < slots_.size(); ++i) collect(slots_[batches_++ % slots_.size()], out);
  return sorted;
}

/// Leaves the last batches in flight.
void SignatureVerifier::start_path(std::span<const Item> items, std::vector<Entry>& entries,
                                   Path path, std::span<Reason> out) {
  signature::device::sort_by_blocks(items, entries);
  for (std::span<const Entry> left = entries; !left.empty();) {
    const std::size_t count = signature::device::batch_count(items, left, limits_);
    Slot& slot = slots_[batches_++ % slots_.size()];
    collect(slot, out);
    slot.entries = left.first(count);
    start(slot, items, path);
    left = left.subspan(count);
  }
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
  if (path.algorithm == Algorithm::p256)
    compute_p256(batch, path.size);
  else
    compute_ed25519(batch, path.size);
  slot.computed.record(compute_);
  slot.computed.block(download_);
  copy_to_host(slot.answers.data(), slot.reasons.data(), slot.entries.size(), download_);
  slot.downloaded.record(download_);
}

kernels::cuda::KeyTables SignatureVerifier::key_tables(TableSize size) const {
  return {table_memory_.words(), bits_of(size)};
}

void SignatureVerifier::compute_ed25519(const kernels::cuda::SignatureBatch& batch,
                                        TableSize size) {
  const auto* const base = ed25519_base_.as<std::uint32_t>();
  launch(compute_, "hash for Ed25519", ed25519_.challenge, batch.count, kBlock, batch,
         offsets_[index_of(size)].as<std::uint32_t>());
  if (size == TableSize::none)
    launch(compute_, "verify Ed25519", ed25519_.sum_unknown, batch.count, kBlock, batch, base,
           key_rows_.as<std::uint32_t>());
  else
    launch(compute_, "verify Ed25519 with tables", ed25519_.sum_registered, batch.count, kBlock,
           batch, base, key_tables(size));
  const std::uint32_t step = shared_step(batch.count, resident_threads_);
  launch(compute_, "compare Ed25519", ed25519_.finish, step, kBlock, batch, step);
}

void SignatureVerifier::compute_p256(const kernels::cuda::SignatureBatch& batch, TableSize size) {
  const auto* const base = p256_base_.as<std::uint32_t>();
  const std::uint32_t step = shared_step(batch.count, resident_threads_);
  launch(compute_, "hash for P-256", p256_.hash, batch.count, kBlock, batch);
  launch(compute_, "make scalars for P-256", p256_.scalars, step, kBlock, batch, step);
  if (size == TableSize::none)
    launch(compute_, "verify P-256", p256_.verify, batch.count, kBlock, batch, base,
           key_rows_.as<std::uint32_t>());
  else
    launch(compute_, "verify P-256 with tables", p256_.verify_registered, batch.count, kBlock,
           batch, base, key_tables(size));
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

/// Once with any key, and once with tables where there is room for some.
void SignatureVerifier::test_kernels_for(Algorithm algorithm) {
  const auto known = signature::device::known_items(algorithm);
  const std::vector<Item> items = signature::device::views(algorithm, known);
  std::vector<Reason> out(items.size());
  decide(items, out);
  signature::device::check_known(known, out, algorithm);
  tables_.add(signature::device::keys_of(items));
  decide(items, out);
  signature::device::check_known(known, out, algorithm);
}

}  // namespace salus::engine::cuda
