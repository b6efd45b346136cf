// The writing end of the intake log: its segments, and where the next group goes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "node/store/file.h"
#include "node/store/folder_lock.h"
#include "node/store/intake_log.h"
#include "node/store/log_segment.h"
#include "node/store/spare_segment.h"

namespace salus::node {

/// What of the log may be read: everything that is durable.
struct LogExtent {
  struct Segment {
    std::filesystem::path path;
    Sequence first = 0;
  };
  std::vector<Segment> segments;  ///< Ascending.
  std::uint64_t newest_end = 0;   ///< Of the last one; the others are read whole.
};

/// `write` and `seal` from one thread; the rest from any.
class LogWriter {
 public:
  /// Opens or makes the log; what is in it is durable after.
  LogWriter(std::filesystem::path folder, std::size_t segment_bytes);

  /// Writes and syncs a group: `group` has room for the header in front of its body. `DiskFull`:
  /// nothing was written and the next group may be. Any other error: it is unknown what the disk
  /// holds, and the writer must not be used any more.
  void write(Sequence first, std::uint32_t records, std::span<std::uint8_t> group);
  /// Marks behind the last group that it was synced, without syncing the mark: after a crash of the
  /// process, but not of the machine, damage to the last group can then be told from a torn write.
  void seal();

  /// The last number that is durable.
  [[nodiscard]] Sequence last() const noexcept { return last_; }
  [[nodiscard]] const std::optional<TornTail>& torn_tail() const noexcept { return torn_tail_; }
  [[nodiscard]] LogExtent extent() const;
  /// Writes what is durable into another folder.
  void copy_to(const std::filesystem::path& folder) const;
  /// Deletes the segments, but for the newest, that hold nothing behind `up_to`.
  void release(Sequence up_to);

 private:
  void open_newest();
  void make_room(std::uint64_t bytes);
  void allocate(std::uint64_t bytes);
  void begin_segment(std::uint64_t bytes);

  std::filesystem::path folder_;
  FolderLock lock_;
  std::size_t segment_bytes_;
  SpareSegment spare_;
  std::optional<TornTail> torn_tail_;

  // Of the newest segment; only the writing thread uses them.
  std::optional<File> newest_;
  SegmentHeader header_;
  std::uint64_t end_ = 0;        ///< Where the next group goes.
  std::uint64_t allocated_ = 0;  ///< Up to here there is room on the disk.
  Sequence last_ = 0;

  mutable std::mutex mutex_;  ///< Of `extent_`.
  LogExtent extent_;
};

}  // namespace salus::node
