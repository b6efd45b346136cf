#include "engine/opencl/signature_verifier.h"

#include <algorithm>

#include "engine/signature/cpu/host_tables.h"
#include "engine/signature/device/known_items.h"
#include "kernels/gpu/signature_batch.h"

namespace salus::engine::opencl {
namespace {

using signature::Algorithm;
using signature::Item;
using signature::Reason;
using signature::TableSize;
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

cl_uint bits_of(TableSize size) { return static_cast<cl_uint>(signature::cpu::window_bits(size)); }

cl_uint units_of_16(std::size_t bytes) { return static_cast<cl_uint>(bytes / 16); }

}  // namespace

SignatureVerifier::SignatureVerifier(const DeviceContext& device, const ProgramCache& cache,
                                     std::uint64_t key_bytes)
    : device_(device),
      cache_(cache),
      layout_(signature_layout(device)),
      limits_(BatchLimits::of(batch_items(device, layout_))),
      table_memory_(device, key_bytes),
      tables_(table_memory_.bytes(),
              [this](std::uint64_t offset, Bytes table) { table_memory_.store(offset, table); }) {
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

void SignatureVerifier::verify(std::span<const Item> items, std::span<Reason> out) {
  for (const Algorithm algorithm : {Algorithm::ed25519, Algorithm::p256})
    if (std::ranges::find(items, algorithm, &Item::algorithm) != items.end())
      need_kernels_for(algorithm);
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
  for (std::size_t i = 0; i < kSlots; ++i) collect(slots_[batches_++ % kSlots], out);
  return sorted;
}

/// Leaves the last batches in flight.
void SignatureVerifier::start_path(std::span<const Item> items, std::vector<Entry>& entries,
                                   Path path, std::span<Reason> out) {
  signature::device::sort_by_blocks(items, entries);
  for (std::span<const Entry> left = entries; !left.empty();) {
    const std::size_t count = signature::device::batch_count(items, left, limits_);
    Slot& slot = slots_[batches_++ % kSlots];
    collect(slot, out);
    slot.entries = left.first(count);
    start(slot, items, path);
    left = left.subspan(count);
  }
}

void SignatureVerifier::start(Slot& slot, std::span<const Item> items, Path path) {
  const BatchLayout at = signature::device::batch_layout(items, slot.entries);
  signature::device::pack_batch(items, slot.entries, at, slot.arena->begin(slot.queue));
  slot.arena->submit(slot.queue, at.size);
  if (path.algorithm == Algorithm::p256)
    enqueue_p256(slot, at, path.size);
  else
    enqueue_ed25519(slot, at, path.size);
  slot.queue.enqueueReadBuffer(slot.reasons, CL_FALSE, 0, slot.entries.size(), slot.answers.data(),
                               nullptr, &slot.done);
  slot.queue.flush();
}

void SignatureVerifier::enqueue_ed25519(Slot& slot, const BatchLayout& at, TableSize size) {
  const auto count = static_cast<cl_uint>(slot.entries.size());
  const auto step = static_cast<cl_uint>(shared_step(device_, layout_, count));
  const cl_uint keys = units_of_16(at.keys);
  const cl_uint signatures = units_of_16(at.signatures);
  const cl::Buffer& arena = slot.arena->buffer();
  const auto launch = [&](SignatureKernel& to, std::size_t items, const auto&... args) {
    set_args(to.kernel, count, args...);
    enqueue(slot.queue, to.kernel, layout_, items);
  };
  launch(ed25519_->challenge, count, arena, keys, signatures, ed25519_->offsets(size),
         slot.scalars);
  if (size == TableSize::none)
    launch(ed25519_->sum_unknown, count, arena, keys, slot.scalars, ed25519_->base, slot.key_rows,
           slot.sums, slot.reasons);
  else
    launch(ed25519_->sum_registered, count, arena, slot.scalars, ed25519_->base,
           table_memory_.buffer(), bits_of(size), slot.sums, slot.reasons);
  launch(ed25519_->finish, step, step, arena, signatures, slot.sums, slot.products, slot.reasons);
}

void SignatureVerifier::enqueue_p256(Slot& slot, const BatchLayout& at, TableSize size) {
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
  if (size == TableSize::none)
    launch(p256_->verify, count, arena, keys, signatures, slot.scalars, slot.sums, p256_->base,
           slot.key_rows, slot.reasons);
  else
    launch(p256_->verify_registered, count, arena, signatures, slot.scalars, slot.sums, p256_->base,
           table_memory_.buffer(), bits_of(size), slot.reasons);
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
  for (const Algorithm algorithm : {Algorithm::ed25519, Algorithm::p256})
    if (std::ranges::find(keys, algorithm, &signature::KeyView::algorithm) != keys.end())
      need_kernels_for(algorithm);
  tables_.add(keys);
}

void SignatureVerifier::need_kernels_for(Algorithm algorithm) {
  const bool is_ed25519 = algorithm == Algorithm::ed25519;
  if (is_ed25519 ? ed25519_ != nullptr : p256_ != nullptr) return;
  if (is_ed25519)
    ed25519_ = std::make_unique<Ed25519Kernels>(device_, cache_, layout_);
  else
    p256_ = std::make_unique<P256Kernels>(device_, cache_, layout_);
  try {
    test_kernels_for(algorithm);
  } catch (...) {
    if (is_ed25519)
      ed25519_.reset();
    else
      p256_.reset();
    throw;
  }
  if (is_ed25519)
    ed25519_->save(cache_);
  else
    p256_->save(cache_);
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

}  // namespace salus::engine::opencl
