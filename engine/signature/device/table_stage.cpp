#include "engine/signature/device/table_stage.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/signature/cpu/ed25519_batch.h"
#include "engine/signature/cpu/host_tables.h"
#include "engine/signature/cpu/p256_batch.h"
#include "engine/signature/device/base_tables.h"

namespace salus::engine::signature::device {
namespace {

/// Tables that wait for the device's thread.
constexpr std::uint64_t kMostStagedBytes = std::uint64_t{64} << 20;

/// The lanes of the host's widest variant; what they make stays in a cache until it is stored.
constexpr std::size_t kMadeTogether = 8;

/// Uses after which a table is made. A table that nobody uses again has cost a core some tens or
/// hundreds of microseconds beside the device's work, and the link what some hundred or some
/// thousand items take.
constexpr double kUsesForSmall = 32;
constexpr double kUsesForLarge = 256;

std::size_t table_words(TableKind kind) {
  const int bits = cpu::window_bits(kind.size);
  return kind.algorithm == Algorithm::ed25519 ? cpu::comb_words(bits) : cpu::p256_comb_words(bits);
}

Bytes bytes_of(std::span<const std::uint64_t> words) {
  return {reinterpret_cast<const std::uint8_t*>(words.data()), words.size_bytes()};
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
  if (at_once) store_staged();  // what was made before belongs below what is made now
  std::vector<bool> is_point;
  for (std::size_t begin = 0; begin < keys.size(); begin += kMadeTogether) {
    const std::size_t count = std::min(kMadeTogether, keys.size() - begin);
    make_some(kind, keys.subspan(begin, count), is_point);
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_point[begin + i]) continue;
      const auto table = std::span(made_).subspan(i * table_words(kind), table_words(kind));
      if (at_once)
        store_(offsets[begin + i], bytes_of(table));
      else
        stage({offsets[begin + i], {table.begin(), table.end()}});
    }
  }
  return is_point;
}

/// Fills `made_` with at most kMadeTogether tables; appends which keys are points.
void TableStage::make_some(TableKind kind, std::span<const Bytes> keys,
                           std::vector<bool>& is_point) {
  const std::size_t words = table_words(kind);
  std::array<const std::uint8_t*, kMadeTogether> points;
  std::array<std::uint64_t*, kMadeTogether> tables;
  std::array<bool, kMadeTogether> are_points;
  made_.resize(std::max(made_.size(), kMadeTogether * words));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    points[i] = keys[i].data();
    tables[i] = &made_[i * words];
  }
  const auto make_combs = kind.algorithm == Algorithm::ed25519
                              ? cpu::best_ed25519_variant().make_combs
                              : cpu::best_p256_variant().make_combs;
  make_combs(points.data(), keys.size(), cpu::window_bits(kind.size), tables.data(),
             are_points.data());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (kind.algorithm == Algorithm::p256) to_device_form({tables[i], words});
    is_point.push_back(are_points[i]);
  }
}

bool TableStage::is_full(std::uint64_t more) {
  const std::scoped_lock lock(mutex_);
  return staged_bytes_ + more > kMostStagedBytes;
}

void TableStage::stage(Table table) {
  const std::scoped_lock lock(mutex_);
  staged_bytes_ += bytes_of(table.words).size();
  staged_.push_back(std::move(table));
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
