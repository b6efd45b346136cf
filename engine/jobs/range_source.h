// Sources for `SharedRun` that cut a job over [0, count) into runs of items.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "engine/engine.h"

namespace salus::engine {

/// Items [first, first + count) of a job, `units` of work in all.
struct ItemRange {
  std::size_t first = 0;
  std::size_t count = 0;
  double units = 0;
};

/// Cuts messages or leaves into pieces and counts progress. Thread safe.
class RangeSource {
 public:
  /// A piece from `first` on, before `end`, of about `units` (0: a small one). At least one item.
  using Cut = std::function<ItemRange(std::size_t first, std::size_t end, double units)>;

  RangeSource(std::size_t count, Cut cut, const Progress& progress)
      : count_(count), cut_(std::move(cut)), progress_(progress) {}

  std::optional<ItemRange> take(double units) {
    const std::scoped_lock lock(mutex_);
    if (!given_back_.empty()) return take_again(units);
    if (next_ == count_) return std::nullopt;
    const ItemRange range = cut_(next_, count_, units);
    next_ += range.count;
    return range;
  }

  void give_back(const ItemRange& range) {
    const std::scoped_lock lock(mutex_);
    given_back_.push_back(range);
  }

  void finish(const ItemRange& range) {
    const std::scoped_lock lock(mutex_);
    items_done_ += range.count;
    if (progress_) progress_(items_done_, count_);
  }

  bool complete() {
    const std::scoped_lock lock(mutex_);
    return items_done_ == count_;
  }

  static double units(const ItemRange& range) { return range.units; }

 private:
  /// A piece that a fast device gave back may be far too large for a slow one.
  ItemRange take_again(double units) {
    const ItemRange whole = given_back_.back();
    given_back_.pop_back();
    const std::size_t end = whole.first + whole.count;
    const ItemRange part = cut_(whole.first, end, units);
    if (part.count < whole.count)
      given_back_.push_back({whole.first + part.count, whole.count - part.count, 0});
    return part;
  }

  std::mutex mutex_;
  std::size_t count_;
  Cut cut_;
  const Progress progress_;
  std::size_t next_ = 0;
  std::size_t items_done_ = 0;
  std::vector<ItemRange> given_back_;
};

}  // namespace salus::engine
