#include "cli/simulate/feeds.h"

#include <algorithm>
#include <utility>

namespace salus::cli::simulate {

using Clock = std::chrono::steady_clock;

Feeds::Feeds(std::size_t lanes, std::size_t capacity, Pace pace)
    : capacity_(capacity), pace_(pace) {
  for (std::size_t i = 0; i < lanes; ++i) lanes_.push_back(std::make_unique<Lane>());
}

bool Feeds::is_over_locked(const Lane& lane) const {
  return is_stopped_ || lane.is_abandoned || (is_ended_ && lane.places.empty()) ||
         (end_ && Clock::now() >= *end_);
}

/// The lane that has the fewest waiting.
Feeds::Lane* Feeds::lane_with_room(std::size_t& index) {
  Lane* found = nullptr;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    Lane& lane = *lanes_[i];
    if (lane.is_abandoned || lane.places.size() >= capacity_) continue;
    if (found != nullptr && found->places.size() <= lane.places.size()) continue;
    found = &lane;
    index = i;
  }
  return found;
}

Feeds::Place Feeds::reserve(const std::function<bool(std::size_t lane)>& plan) {
  std::unique_lock lock(mutex_);
  const auto nobody_sends = [&] {
    return std::ranges::all_of(lanes_, [this](const auto& lane) { return is_over_locked(*lane); });
  };
  std::size_t index = 0;
  Lane* lane = nullptr;
  room_.wait(lock, [&] {
    lane = lane_with_room(index);
    return lane != nullptr || is_stopped_ || is_ended_ || nobody_sends();
  });
  if (lane == nullptr || is_stopped_ || is_ended_ || !plan(index)) return nullptr;
  lane->places.push_back(std::make_shared<std::optional<Batch>>());
  return lane->places.back();
}

void Feeds::fill(const Place& place, Batch batch) {
  const std::lock_guard lock(mutex_);
  *place = std::move(batch);
  for (const auto& lane : lanes_)
    if (!lane->places.empty() && lane->places.front() == place) lane->changed.notify_one();
}

bool Feeds::push(std::size_t index, Batch batch) {
  std::unique_lock lock(mutex_);
  Lane& lane = *lanes_[index];
  room_.wait(lock,
             [&] { return lane.places.size() < capacity_ || is_stopped_ || lane.is_abandoned; });
  if (is_stopped_ || lane.is_abandoned) return false;
  lane.places.push_back(std::make_shared<std::optional<Batch>>(std::move(batch)));
  lane.changed.notify_one();
  return true;
}

void Feeds::end() {
  const std::lock_guard lock(mutex_);
  is_ended_ = true;
  for (const auto& lane : lanes_) lane->changed.notify_all();
  room_.notify_all();
}

void Feeds::stop() {
  const std::lock_guard lock(mutex_);
  is_stopped_ = true;
  for (const auto& lane : lanes_) lane->changed.notify_all();
  room_.notify_all();
}

void Feeds::abandon(std::size_t index) {
  const std::lock_guard lock(mutex_);
  lanes_[index]->is_abandoned = true;
  lanes_[index]->places.clear();
  room_.notify_all();
}

bool Feeds::is_over(std::size_t lane) const {
  const std::lock_guard lock(mutex_);
  return is_over_locked(*lanes_[lane]);
}

void Feeds::begin() {
  if (began_) return;
  began_ = Clock::now();
  if (pace_.duration) end_ = *began_ + std::chrono::duration_cast<Clock::duration>(*pace_.duration);
}

SteadyTime Feeds::due(const Lane& lane) const {
  if (pace_.statements_per_second <= 0) return *began_;
  const double share = pace_.statements_per_second / static_cast<double>(lanes_.size());
  const std::chrono::duration<double> after(static_cast<double>(lane.handed_out) / share);
  return *began_ + std::chrono::duration_cast<Clock::duration>(after);
}

std::optional<Batch> Feeds::take(std::size_t index, SteadyTime until) {
  std::unique_lock lock(mutex_);
  Lane& lane = *lanes_[index];
  while (!is_over_locked(lane)) {
    const bool is_ready = !lane.places.empty() && lane.places.front()->has_value();
    if (is_ready) begin();
    SteadyTime wake = until;
    if (is_ready) {
      const SteadyTime when = due(lane);
      if (when <= Clock::now()) break;
      wake = std::min(until, when);
    }
    if (end_) wake = std::min(wake, *end_);
    if (lane.changed.wait_until(lock, wake) == std::cv_status::timeout && Clock::now() >= until)
      return std::nullopt;
  }
  if (is_over_locked(lane)) {
    room_.notify_all();
    return std::nullopt;
  }
  Batch batch = std::move(**lane.places.front());
  lane.places.pop_front();
  lane.handed_out += batch.size();
  room_.notify_all();
  return batch;
}

}  // namespace salus::cli::simulate
