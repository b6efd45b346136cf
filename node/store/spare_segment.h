// The next file of the intake log, made ready beside the writing.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include "node/store/file.h"

namespace salus::node {

/// Fills a file with zeros, durably, on a thread of its own. To write over blocks that have been
/// written before, a sync has nothing to note down in the file system's journal; into blocks that
/// were only allocated it has, each time. Thread safe.
class SpareSegment {
 public:
  /// Makes files called `path`.
  explicit SpareSegment(std::filesystem::path path);
  ~SpareSegment();
  SpareSegment(const SpareSegment&) = delete;
  SpareSegment& operator=(const SpareSegment&) = delete;

  /// Begins to make a file of this length, unless there is one, or one is being made. Where that
  /// fails, as for want of room, there will be none.
  void prepare(std::uint64_t bytes);
  /// The file, if one of this length is ready.
  std::optional<File> take(std::uint64_t bytes);

 private:
  void run(const std::stop_token& stop);
  [[nodiscard]] std::optional<File> fill(std::uint64_t bytes, const std::stop_token& stop) const;

  std::filesystem::path path_;
  std::mutex mutex_;
  std::condition_variable_any wanted_;
  std::uint64_t bytes_ = 0;    // of what is wanted, or ready
  std::optional<File> ready_;  // with `bytes_`
  bool is_wanted_ = false;
  std::jthread thread_;
};

}  // namespace salus::node
