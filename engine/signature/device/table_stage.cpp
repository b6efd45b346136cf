#include "engine/signature/device/table_stage.h"

#include <memory>
#include <utility>

#include "engine/signature/cpu/ed25519_batch.h"
#include "engine/signature/cpu/host_tables.h"
#include "engine/signature/cpu/p256_batch.h"
#include "engine/signature/device/base_tables.h"

namespace salus::engine::signature::device {
namespace {

/// Tables that wait for the device's thread.
constexpr std::uint64_t kMostStagedBytes = std::uint64_t{64} << 20;

/// Uses after which a table is made. A table that nobody uses again has cost a core some tens or
/// hundreds of microseconds beside the device's work, and the link what some hundred or some
/// thousand items take.
constexpr double kUsesForSmall = 32;
constexpr double kUsesForLarge = 256;

std::size_t table_words(TableKind kind) {
  const int bits = cpu::window_bits(kind.size);
  return kind.algorithm == Algorithm::ed25519 ? cpu::comb_words(bits) : cpu::p256_comb_words(bits);
}

Bytes bytes_of(const std::vector<std::uint64_t>& words) {
  return {reinterpret_cast<const std::uint8_t*>(words.data()), words.size() * sizeof words[0]};
}

/// Fills a table of table_words(kind) words for each key; returns which keys are points.
std::vector<bool> make_on_host(TableKind kind, std::span<const Bytes> keys,
                               std::span<std::uint64_t* const> tables) {
  std::vector<const std::uint8_t*> points;
  for (const Bytes key : keys) points.push_back(key.data());
  const std::unique_ptr<bool[]> is_point(new bool[keys.size()]);
  const auto make_combs = kind.algorithm == Algorithm::ed25519
                              ? cpu::best_ed25519_variant().make_combs
                              : cpu::best_p256_variant().make_combs;
  make_combs(points.data(), keys.size(), cpu::window_bits(kind.size), tables.data(),
             is_point.get());
  if (kind.algorithm == Algorithm::p256)
    for (std::uint64_t* table : tables) to_device_form({table, table_words(kind)});
  return std::vector<bool>(is_point.get(), is_point.get() + keys.size());
}

}  // namespace

TableCost TableStage::cost(TableKind kind) const {
  return {table_words(kind) * sizeof(std::uint64_t),
          kind.size == TableSize::large ? kUsesForLarge : kUsesForSmall, 1};
}

std::vector<bool> TableStage::make(TableKind kind, std::span<const Bytes> keys,
                                   std::span<const std::uint64_t> offsets) {
  const bool at_once = storing_ == std::this_thread::get_id();
  if (!at_once && is_full(cost(kind).bytes * keys.size()))
    return std::vector<bool>(keys.size(), false);
  std::vector<Table> made;
  std::vector<std::uint64_t*> tables;
  for (const std::uint64_t offset : offsets)
    tables.push_back(
        made.emplace_back(offset, std::vector<std::uint64_t>(table_words(kind))).words.data());
  std::vector<bool> is_point = make_on_host(kind, keys, tables);
  std::erase_if(made, [&, i = std::size_t{0}](const Table&) mutable { return !is_point[i++]; });
  stage(std::move(made));
  if (at_once) store_staged();
  return is_point;
}

bool TableStage::is_full(std::uint64_t more) {
  const std::scoped_lock lock(mutex_);
  return staged_bytes_ + more > kMostStagedBytes;
}

void TableStage::stage(std::vector<Table> tables) {
  const std::scoped_lock lock(mutex_);
  for (Table& table : tables) {
    staged_bytes_ += bytes_of(table.words).size();
    staged_.push_back(std::move(table));
  }
}

void TableStage::store_staged() {
  const std::scoped_lock lock(mutex_);
  while (!staged_.empty()) {
    const Bytes table = bytes_of(staged_.front().words);
    store_(staged_.front().offset, table);
    staged_bytes_ -= table.size();
    staged_.pop_front();
  }
}

}  // namespace salus::engine::signature::device
