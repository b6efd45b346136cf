// Batches that wait to be sent: a queue for each lane, filled ahead by those who sign or read, and
// emptied no faster than the pace that was asked for.
//
// A lane is a connection with its own share of the devices, so that what one device signs arrives
// in the order in which it was signed. Places are reserved in that order and may be filled in any.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "cli/simulate/batch.h"
#include "cli/simulate/tally.h"

namespace salus::cli::simulate {

struct Pace {
  double statements_per_second = 0;  ///< Of all lanes together; 0: as fast as they are taken.
  /// Nothing is handed out later than this after the first batch.
  std::optional<std::chrono::duration<double>> duration;
};

/// Thread safe; each lane is emptied by one thread.
class Feeds {
 public:
  /// At most `capacity` batches wait in each lane.
  Feeds(std::size_t lanes, std::size_t capacity, Pace pace);

  [[nodiscard]] std::size_t lanes() const { return lanes_.size(); }

  /// A place in a lane's queue, which somebody fills.
  using Place = std::shared_ptr<std::optional<Batch>>;

  /// Waits for room in any lane, and calls `plan` with that lane while nobody else may reserve.
  /// Nothing is reserved where `plan` says no, and none once it is over: returns null then.
  Place reserve(const std::function<bool(std::size_t lane)>& plan);
  void fill(const Place& place, Batch batch);
  /// Waits for room in this lane. False once it is over.
  bool push(std::size_t lane, Batch batch);

  /// Nothing more will be reserved or pushed.
  void end();
  /// Nothing more is handed out: somebody asked to stop.
  void stop();
  /// The lane's sender gives up.
  void abandon(std::size_t lane);

  /// The lane's next batch as soon as it is due; nothing when there is none before `until`, or when
  /// it is over.
  std::optional<Batch> take(std::size_t lane, SteadyTime until);
  /// Whether the lane gets nothing more.
  [[nodiscard]] bool is_over(std::size_t lane) const;

 private:
  struct Lane {
    std::deque<Place> places;
    std::uint64_t handed_out = 0;  ///< Statements.
    bool is_abandoned = false;
    std::condition_variable changed;
  };

  Lane* lane_with_room(std::size_t& index);
  [[nodiscard]] bool is_over_locked(const Lane& lane) const;
  [[nodiscard]] SteadyTime due(const Lane& lane) const;
  void begin();

  const std::size_t capacity_;
  const Pace pace_;
  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::optional<SteadyTime> began_;
  std::optional<SteadyTime> end_;
  bool is_ended_ = false;
  bool is_stopped_ = false;
};

}  // namespace salus::cli::simulate
