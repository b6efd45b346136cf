#include "engine/opencl/signature_verifier.h"

#include <algorithm>

#include "engine/opencl/kernel_sources.h"
#include "engine/signature/device/key_tables.h"
#include "engine/signature/device/scalar_offsets.h"
#include "engine/signature/verify_batch.h"
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
  return {.lanes = 1, .local = is_cpu ? 1 : std::min<std::size_t>(largest, 64), .compact = is_cpu};
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
std::size_t finish_step(const DeviceContext& device, const Layout& layout, std::size_t count) {
  constexpr std::size_t kMostItems = 16;
  const std::size_t places = device.compute_units * layout.local;
  return std::max((count + kMostItems - 1) / kMostItems, std::min(count, places));
}

cl::Buffer constant_words(const DeviceContext& device,
                          const std::array<std::uint32_t, SALUS_SCALAR_WORDS>& words) {
  cl::Buffer buffer(device.context, CL_MEM_READ_ONLY, sizeof words);
  device.queues[0].enqueueWriteBuffer(buffer, CL_TRUE, 0, sizeof words, words.data());
  return buffer;
}

cl_uint units_of_16(std::size_t bytes) { return static_cast<cl_uint>(bytes / 16); }

}  // namespace

SignatureVerifier::SignatureVerifier(const DeviceContext& device, const ProgramCache& cache,
                                     std::uint64_t key_bytes)
    : device_(device),
      layout_(signature_layout(device)),
      limits_(BatchLimits::of(batch_items(device, layout_))),
      challenge_program_(device, cache, kEd25519ChallengeSource, layout_),
      sum_program_(device, cache, kEd25519SumSource, layout_),
      sum_registered_program_(device, cache, kEd25519SumRegisteredSource, layout_),
      finish_program_(device, cache, kEd25519FinishSource, layout_),
      challenge_(challenge_program_.kernel("challenge")),
      sum_unknown_(sum_program_.kernel("sum_unknown")),
      sum_registered_(sum_registered_program_.kernel("sum_registered")),
      finish_(finish_program_.kernel("finish")),
      tables_(device, key_bytes),
      unknown_offsets_(constant_words(device, signature::device::scalar_offsets(SALUS_KEY_WINDOW))),
      registered_offsets_(constant_words(
          device, signature::device::scalar_offsets(signature::device::kKeyTableBits))) {
  for (std::size_t i = 0; i < kSlots; ++i) slots_[i] = make_slot(device.queues[i % kQueues]);
  test_known_items();
  for (BuiltProgram* program :
       {&challenge_program_, &sum_program_, &sum_registered_program_, &finish_program_})
    program->save(cache);
}

SignatureVerifier::Slot SignatureVerifier::make_slot(const cl::CommandQueue& queue) const {
  const auto words = [this](std::size_t each) {
    return cl::Buffer(device_.context, CL_MEM_READ_WRITE, limits_.items * each * 4);
  };
  Slot slot;
  slot.queue = queue;
  slot.arena = std::make_unique<UploadBuffer>(device_, limits_.bytes);
  slot.scalars = words(SALUS_SCALAR_WORDS);
  slot.key_rows = words(std::size_t{SALUS_KEY_ROWS} * SALUS_KEY_ROW_WORDS);
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
  auto sorted = signature::device::sort_items(tables_.directory(), items, store_table());
  run(items, sorted.unknown, false, out);
  run(items, sorted.registered, true, out);
  for (const Entry& entry : sorted.p256)
    out[entry.item] = signature::verify_batch(items.subspan(entry.item, 1)).reason(0);
}

void SignatureVerifier::run(std::span<const Item> items, Entries& entries, bool registered,
                            std::span<Reason> out) {
  signature::device::sort_by_blocks(items, entries);
  for (std::span<const Entry> left = entries; !left.empty();) {
    const std::size_t count = signature::device::batch_count(items, left, limits_);
    Slot& slot = slots_[batches_++ % kSlots];
    collect(slot, out);
    slot.entries = left.first(count);
    start(slot, items, registered);
    left = left.subspan(count);
  }
  for (std::size_t i = 0; i < kSlots; ++i) collect(slots_[batches_++ % kSlots], out);
}

void SignatureVerifier::start(Slot& slot, std::span<const Item> items, bool registered) {
  const auto count = static_cast<cl_uint>(slot.entries.size());
  const BatchLayout at = signature::device::batch_layout(items, slot.entries);
  signature::device::pack_batch(items, slot.entries, at, slot.arena->begin(slot.queue));
  slot.arena->submit(slot.queue, at.size);

  const cl::Buffer& arena = slot.arena->buffer();
  set_args(challenge_, count, arena, units_of_16(at.keys), units_of_16(at.signatures),
           registered ? registered_offsets_ : unknown_offsets_, slot.scalars);
  enqueue(slot.queue, challenge_, layout_, count);
  enqueue_sums(slot, at, registered);
  const auto step = static_cast<cl_uint>(finish_step(device_, layout_, count));
  set_args(finish_, count, step, arena, units_of_16(at.signatures), slot.sums, slot.products,
           slot.reasons);
  enqueue(slot.queue, finish_, layout_, step);
  slot.queue.enqueueReadBuffer(slot.reasons, CL_FALSE, 0, count, slot.answers.data(), nullptr,
                               &slot.done);
  slot.queue.flush();
}

void SignatureVerifier::enqueue_sums(Slot& slot, const BatchLayout& at, bool registered) {
  const auto count = static_cast<cl_uint>(slot.entries.size());
  const cl::Buffer& arena = slot.arena->buffer();
  if (registered) {
    set_args(sum_registered_, count, arena, slot.scalars, tables_.base(), tables_.keys(),
             cl_uint{signature::device::kKeyTableBits},
             static_cast<cl_uint>(signature::device::key_table_bytes() / 4), slot.sums,
             slot.reasons);
    enqueue(slot.queue, sum_registered_, layout_, count);
  } else {
    set_args(sum_unknown_, count, arena, units_of_16(at.keys), slot.scalars, tables_.base(),
             slot.key_rows, slot.sums, slot.reasons);
    enqueue(slot.queue, sum_unknown_, layout_, count);
  }
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
  tables_.directory().begin_round();
  signature::device::make_tables(tables_.directory(), signature::device::ed25519_keys(keys),
                                 store_table());
}

/// Once with any key, and once with tables where there is room for some.
void SignatureVerifier::test_known_items() {
  const auto known = signature::device::known_items(Algorithm::ed25519);
  const std::vector<Item> items = signature::device::views(Algorithm::ed25519, known);
  std::vector<Reason> out(items.size());
  auto sorted = signature::device::sort_items(tables_.directory(), items, store_table());
  run(items, sorted.unknown, false, out);
  signature::device::check_known(known, sorted.unknown, out, "Ed25519");

  std::vector<signature::KeyView> keys;
  for (const Item& item : items) keys.push_back({item.algorithm, item.public_key});
  register_keys(keys);
  sorted = signature::device::sort_items(tables_.directory(), items, store_table());
  run(items, sorted.registered, true, out);
  signature::device::check_known(known, sorted.registered, out, "Ed25519 with tables");
}

}  // namespace salus::engine::opencl
