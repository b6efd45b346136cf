// A progress bar on the terminal for work that takes longer than a second.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "cli/command.h"
#include "cli/units.h"
#include "engine/engine.h"

namespace salus::cli {

/// "hashing  42 % [########------------]  1.2 GB/s  3 s left", on standard error: only on a
/// terminal, only without --quiet, only after a second, and gone when the object is. One thread at
/// a time.
class ProgressBar {
 public:
  ProgressBar(const Global& global, std::string label, Unit unit);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// `total` 0 means that nobody knows: shows amount and rate only.
  void update(std::uint64_t done, std::uint64_t total);

  /// For JobControl; the bar must outlive the job.
  engine::Progress callback() {
    return [this](std::uint64_t done, std::uint64_t total) { update(done, total); };
  }

 private:
  using Clock = std::chrono::steady_clock;

  std::string label_;
  Unit unit_;
  bool enabled_;
  Clock::time_point start_;
  Clock::time_point next_draw_;
};

/// The bar's text, at most `width` columns. For tests.
std::string progress_text(const std::string& label, Unit unit, std::uint64_t done,
                          std::uint64_t total, double seconds, unsigned width);

}  // namespace salus::cli
