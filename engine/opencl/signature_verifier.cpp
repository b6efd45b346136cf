#include "engine/opencl/signature_verifier.h"

#include <algorithm>

#include "engine/signature/device/key_tables.h"
#include "kernels/gpu/signature_batch.h"

namespace salus::engine::opencl {
namespace {

using signature::Algorithm;
using signature::Item;
using signature::Reason;
using signature::device::BatchLayout;
using signature::device::BatchLimits;
using signature::device::Entry;

/// One item a work-item; a driver that computes on the CPU is not to unroll everything.
Layout signature_layout(const DeviceContext& device) {
  const bool is_cpu = device.listed.info.shares_host_cores;
  const std::size_t largest = device.listed.device.getInfo<CL_DEVICE_MAX_WORK_GROUP_SIZE>();
  return {.lanes = 1, .local = is_cpu ? 1 : std::min<std::size_t>(largest, 64), .calls = is_cpu};
}

/// Enough for every place on the device, in a small part of its memory.
std::size_t batch_items(const DeviceContext& device, const Layout& layout) {
  constexpr std::size_t kGroupsPerUnit = 64;
  constexpr std::size_t kBytesPerItem = 4096;  // most of it the key's multiples
  const std::size_t memory = device.listed.info.memory_bytes / 32 / kBytesPerItem;
  const std::size_t places = device.compute_units * layout.local * kGroupsPerUnit;
  return std::clamp<std::size_t>(std::min(places, memory), 64, std::size_t{1} << 17);
}

/// Items that share an inversion: the more the better, but every place on the device has to have
/// some.
std::size_t shared_step(const DeviceContext& device, const Layout& layout, std::size_t count) {
  constexpr std::size_t kMostItems = 16;
  const std::size_t places = device.compute_units * layout.local;
  return std::max((count + kMostItems - 1) / kMostItems, std::min(count, places));
}

cl_uint units_of_16(std::size_t bytes) { return static_cast<cl_uint>(bytes / 16); }

}  // namespace

SignatureVerifier::SignatureVerifier(const DeviceContext& device, const ProgramCache& cache,
                                     std::uint64_t key_bytes)
    : device_(device),
      cache_(cache),
      layout_(signature_layout(device)),
      limits_(BatchLimits::of(batch_items(device, layout_))),
      tables_(device, key_bytes) {
  for (std::size_t i = 0; i < kSlots; ++i) slots_[i] = make_slot(device.queues[i % kQueues]);
}

SignatureVerifier::Slot SignatureVerifier::make_slot(const cl::CommandQueue& queue) const {
  const auto words = [this](std::size_t each) {
    return cl::Buffer(device_.context, CL_MEM_READ_WRITE, limits_.items * each * 4);
  };
  Slot slot;
  slot.queue = queue;
  slot.arena = std::make_unique<UploadBuffer>(device_, limits_.bytes);
  slot.scalars = words(SALUS_SCALAR_WORDS);
  slot.key_rows = words(SALUS_KEY_SCRATCH_WORDS);
  slot.sums = words(SALUS_SUM_WORDS);
  slot.products = words(8);
  slot.reasons = cl::Buffer(device_.context, CL_MEM_READ_WRITE, limits_.items);
  slot.answers.resize(limits_.items);
  return slot;
}

signature::device::StoreTable SignatureVerifier::store_table() {
  return [this](std::uint32_t place, Bytes table) { tables_.store(place, table); };
}

void SignatureVerifier::verify(std::span<const Item> items, std::span<Reason> out) {
  for (Slot& slot : slots_) slot.entries = {};  // what a call that failed has left
  const bool has_ed25519 = std::ranges::any_of(
      items, [](const Item& item) { return item.algorithm == Algorithm::ed25519; });
  if (has_ed25519) need_ed25519();
  auto sorted = signature::device::sort_items(tables_.directory(), items, store_table());
  if (!sorted.p256.empty()) need_p256();
  run(items, sorted.unknown, Path::ed25519, out);
  run(items, sorted.registered, Path::ed25519_registered, out);
  run(items, sorted.p256, Path::p256, out);
}

void SignatureVerifier::run(std::span<const Item> items, Entries& entries, Path path,
                            std::span<Reason> out) {
  signature::device::sort_by_blocks(items, entries);
  for (std::span<const Entry> left = entries; !left.empty();) {
    const std::size_t count = signature::device::batch_count(items, left, limits_);
    Slot& slot = slots_[batches_++ % kSlots];
    collect(slot, out);
    slot.entries = left.first(count);
    start(slot, items, path);
    left = left.subspan(count);
  }
  for (std::size_t i = 0; i < kSlots; ++i) collect(slots_[batches_++ % kSlots], out);
}

void SignatureVerifier::start(Slot& slot, std::span<const Item> items, Path path) {
  const BatchLayout at = signature::device::batch_layout(items, slot.entries);
  signature::device::pack_batch(items, slot.entries, at, slot.arena->begin(slot.queue));
  slot.arena->submit(slot.queue, at.size);
  if (path == Path::p256)
    enqueue_p256(slot, at);
  else
    enqueue_ed25519(slot, at, path == Path::ed25519_registered);
  slot.queue.enqueueReadBuffer(slot.reasons, CL_FALSE, 0, slot.entries.size(), slot.answers.data(),
                               nullptr, &slot.done);
  slot.queue.flush();
}

void SignatureVerifier::enqueue_ed25519(Slot& slot, const BatchLayout& at, bool registered) {
  const auto count = static_cast<cl_uint>(slot.entries.size());
  const auto step = static_cast<cl_uint>(shared_step(device_, layout_, count));
  const cl_uint keys = units_of_16(at.keys);
  const cl_uint signatures = units_of_16(at.signatures);
  const cl::Buffer& arena = slot.arena->buffer();
  const auto launch = [&](SignatureKernel& to, std::size_t items, const auto&... args) {
    set_args(to.kernel, count, args...);
    enqueue(slot.queue, to.kernel, layout_, items);
  };
  launch(ed25519_->challenge, count, arena, keys, signatures,
         registered ? ed25519_->registered_offsets : ed25519_->unknown_offsets, slot.scalars);
  if (registered)
    launch(ed25519_->sum_registered, count, arena, slot.scalars, tables_.base(), tables_.keys(),
           cl_uint{signature::device::kKeyTableBits},
           static_cast<cl_uint>(signature::device::key_table_bytes() / 4), slot.sums, slot.reasons);
  else
    launch(ed25519_->sum_unknown, count, arena, keys, slot.scalars, tables_.base(), slot.key_rows,
           slot.sums, slot.reasons);
  launch(ed25519_->finish, step, step, arena, signatures, slot.sums, slot.products, slot.reasons);
}

void SignatureVerifier::enqueue_p256(Slot& slot, const BatchLayout& at) {
  const auto count = static_cast<cl_uint>(slot.entries.size());
  const auto step = static_cast<cl_uint>(shared_step(device_, layout_, count));
  const cl_uint keys = units_of_16(at.keys);
  const cl_uint signatures = units_of_16(at.signatures);
  const cl::Buffer& arena = slot.arena->buffer();
  const auto launch = [&](SignatureKernel& to, std::size_t items, const auto&... args) {
    set_args(to.kernel, count, args...);
    enqueue(slot.queue, to.kernel, layout_, items);
  };
  launch(p256_->hash, count, arena, slot.scalars);
  launch(p256_->scalars, step, step, arena, signatures, slot.scalars, slot.products, slot.sums);
  launch(p256_->verify, count, arena, keys, signatures, slot.scalars, slot.sums, p256_->base,
         slot.key_rows, slot.reasons);
  launch(p256_->verify_open, count, arena, keys, signatures, slot.scalars, slot.sums, slot.reasons);
}

/// Waits for the slot's batch, if it has one, and hands out its verdicts.
void SignatureVerifier::collect(Slot& slot, std::span<Reason> out) {
  if (slot.entries.empty()) return;
  slot.done.wait();
  for (std::size_t i = 0; i < slot.entries.size(); ++i)
    out[slot.entries[i].item] = static_cast<Reason>(slot.answers[i]);
  slot.entries = {};
}

void SignatureVerifier::register_keys(std::span<const signature::KeyView> keys) {
  need_ed25519();
  tables_.directory().begin_round();
  signature::device::make_tables(tables_.directory(), signature::device::ed25519_keys(keys),
                                 store_table());
}

void SignatureVerifier::need_ed25519() {
  if (ed25519_) return;
  ed25519_ = std::make_unique<Ed25519Kernels>(device_, cache_, layout_);
  try {
    test_ed25519();
  } catch (...) {
    ed25519_.reset();
    throw;
  }
  ed25519_->save(cache_);
}

void SignatureVerifier::need_p256() {
  if (p256_) return;
  p256_ = std::make_unique<P256Kernels>(device_, cache_, layout_);
  try {
    test_p256();
  } catch (...) {
    p256_.reset();
    throw;
  }
  p256_->save(cache_);
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

}  // namespace salus::engine::opencl
