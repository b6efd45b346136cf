// Signs telemetry of a fleet, ahead of those who send it.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "cli/simulate/batch.h"
#include "cli/simulate/feeds.h"
#include "cli/simulate/packs.h"
#include "node/statement/signing_key.h"

namespace salus::cli::simulate {

struct GeneratorOptions {
  std::size_t batch = 100;             ///< Statements in a batch, without replayed ones.
  std::optional<std::uint64_t> count;  ///< Statements in all, without replayed ones.
  double tampered = 0;                 ///< Share that is altered after signing.
  double replayed = 0;                 ///< So many are sent once more, as a share of all.
  double pack_seconds = 1;             ///< From one pack of a device to its next.
  std::int64_t begin = 0;              ///< Time of the first packs: seconds since 1970 UTC.
  std::uint64_t first_sequence = 0;    ///< Of every device.
  unsigned threads = 1;
};

/// The n-th statement of a device has the sequence `first_sequence` + n and its n-th pack.
class Generator {
 public:
  /// Starts. Device `d` sends through lane `d` modulo the number of lanes; there are as many
  /// devices as lanes at least. All that it is given outlives it.
  Generator(std::span<const node::SigningKey> fleet, const Packs& packs, Feeds& feeds,
            const GeneratorOptions& options);
  /// Waits for its threads, which end with the feeds or when all is made.
  ~Generator();
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;

  /// Throws what a thread has thrown, for which it ended the feeds.
  void rethrow();

 private:
  /// What a batch is to have: statements `first` to `first + count - 1` of its lane.
  struct Plan {
    std::size_t lane = 0;
    std::uint64_t first = 0;
    std::size_t count = 0;
  };

  void run();
  bool plan(std::size_t lane, Plan& plan);
  [[nodiscard]] Batch sign(const Plan& plan) const;
  [[nodiscard]] std::vector<std::uint8_t> statement(std::size_t lane, std::uint64_t k,
                                                    std::vector<std::uint8_t>& payload) const;

  std::span<const node::SigningKey> fleet_;
  const Packs& packs_;
  Feeds& feeds_;
  const GeneratorOptions options_;
  std::vector<std::uint64_t> planned_;  ///< Of each lane. The feeds let one plan at a time.
  std::uint64_t left_;
  std::mutex mutex_;
  std::exception_ptr failure_;
  std::atomic<unsigned> running_;
  std::vector<std::jthread> threads_;
};

/// Alters a message so that its content is still of the right form and its signature is not of it:
/// the lowest bit of its payload's last byte, which belongs to the last measurement.
void tamper(std::vector<std::uint8_t>& message);

}  // namespace salus::cli::simulate
