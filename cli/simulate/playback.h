// Statements that are there already, from memory or a file, put into feeds by a thread.
#pragma once

#include <exception>
#include <span>
#include <thread>
#include <vector>

#include "cli/simulate/feeds.h"
#include "cli/simulate/load_file.h"

namespace salus::cli::simulate {

/// Runs until all is in the feeds or they are over; ends them.
class Playback {
 public:
  /// All of these into one lane, in order.
  Playback(std::vector<Batch> batches, Feeds& feeds);
  /// The rest of a file in batches of so many, each signer's statements through one lane. The
  /// reader outlives the playback.
  Playback(LoadFileReader& file, std::size_t batch, Feeds& feeds);

  /// Waits for the end, and says how many CPU seconds it took; throws what reading threw.
  double finish();

 private:
  template <typename Work>
  void start(Feeds& feeds, Work work);

  std::exception_ptr failure_;
  double cpu_seconds_ = 0;
  std::jthread thread_;
};

/// The registrations that a file begins with, in batches of so many.
std::vector<Batch> read_registrations(LoadFileReader& file, std::size_t batch);

}  // namespace salus::cli::simulate
