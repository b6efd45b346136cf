// The intake log: statements that were acknowledged and may not be in a deep block yet.
//
//   IntakeLog log(folder / "intake");
//   log.replay(0, [&](Sequence at, Bytes record) { ... });   // at start: what a crash left
//   Sequence last = log.append(records);                      // a batch; returns at once
//   log.wait_durable(last);                                   // now they may be acknowledged
//   log.release(up_to);                                       // in deep blocks: no longer needed
//
// Records are opaque bytes. They get ascending sequence numbers, without gaps except where a full
// disk refused some. One thread of the log writes everything that was appended since the last sync
// as one group and calls fdatasync once for all of it. docs/storage.md has the format and what is
// promised.
//
// Thread safety: every member may be called from any thread, except the constructor and destructor.
// Errors: `salus::Error` of kind `system` (the operating system refused) or `input` (the files are
// not what was written: named with the offset). Nothing is ever reported durable that is not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "engine/bytes.h"

namespace salus::node {

/// Number of a record, from 1. 0 stands for "none yet".
using Sequence = std::uint64_t;

struct IntakeLogOptions {
  /// A new file is begun when the next group would make the present one longer than this.
  std::size_t segment_bytes = std::size_t{64} << 20;
  /// Appended and not yet written: `append` waits while there is more. Memory is bounded by twice
  /// this.
  std::size_t max_pending_bytes = std::size_t{16} << 20;
};

/// What opening found at the end of the newest file, where a crash interrupts a write.
struct TornTail {
  std::filesystem::path file;
  std::uint64_t offset = 0;  ///< From here the file was cut off.
  std::uint64_t bytes = 0;   ///< How much was there that had never been synced.
};

enum class Durability : std::uint8_t {
  pending,  ///< Not synced yet.
  durable,
  refused,  ///< Never will be: the disk was full, or the log failed.
};

struct IntakeLogStats {
  std::uint64_t records = 0;  ///< Made durable by this object.
  std::uint64_t bytes = 0;    ///< Of these records, without framing.
  std::uint64_t syncs = 0;    ///< Groups.
  std::uint64_t refused = 0;  ///< Records that a full disk refused.
  std::size_t segments = 0;   ///< Files now.
  std::uint64_t on_disk = 0;  ///< Bytes of these files, preallocated ones included.
  std::size_t pending = 0;    ///< Bytes that wait to be written.
  double last_sync_ms = 0;    ///< How long the last write and sync took.
};

class IntakeLog {
 public:
  /// Longest record.
  static constexpr std::size_t kMaxRecordBytes = std::size_t{1} << 20;

  /// Opens or makes the log in `folder`. Throws when another process has it open, the folder cannot
  /// be written, its format is another, or synced data is damaged in the newest file.
  explicit IntakeLog(std::filesystem::path folder, IntakeLogOptions options = {});
  /// Writes and syncs what was appended, as far as that is possible.
  ~IntakeLog();
  IntakeLog(const IntakeLog&) = delete;
  IntakeLog& operator=(const IntakeLog&) = delete;

  /// Numbers the records and hands them to the writing thread, in order and together; the bytes are
  /// copied. Waits while too much is pending. Returns the last number; with no records, the last
  /// one given out. Throws when the log has failed for good, and for a record that is empty or too
  /// long (kind `usage`; then none is taken).
  Sequence append(std::span<const Bytes> records);

  /// Waits until every record up to `sequence` is decided. Throws `Error` when the record
  /// `sequence` was refused (disk full: what is appended later is tried anew) or the log failed for
  /// good (a sync that failed is never repeated, as the kernel may have dropped the data: open the
  /// log anew). A batch that one `append` took is refused or durable as a whole.
  void wait_durable(Sequence sequence);

  [[nodiscard]] Durability state(Sequence sequence) const;
  /// The highest number that is durable. After a full disk some below it may have been refused:
  /// `state`.
  [[nodiscard]] Sequence durable_up_to() const noexcept;

  /// Calls `take` for each durable record from number `from` on, in order. Every byte is checked
  /// against its checksum before any of its group is handed out; damage throws an `Error` that
  /// names file and offset. The bytes live until `take` returns. What is released meanwhile must be
  /// before `from`.
  void replay(Sequence from, const std::function<void(Sequence, Bytes)>& take) const;

  /// Records up to and with this number are no longer needed. Deletes whole files only, never the
  /// newest.
  void release(Sequence up_to);

  /// Has the next group begin a new file, so that the present one can be deleted as soon as all
  /// that is in it is released: for when something in it is to be gone from the disk.
  void begin_file();

  /// Writes all that is durable, and not released, as a log of its own into `folder`, which must be
  /// empty or not there: a backup of a log that is in use. Copy the block store first: what it has
  /// not, this has.
  void copy_to(const std::filesystem::path& folder) const;

  /// What was cut off at opening, if anything.
  [[nodiscard]] const std::optional<TornTail>& torn_tail() const noexcept;
  [[nodiscard]] IntakeLogStats stats() const;
  /// Why it stopped for good; nothing while it has not.
  [[nodiscard]] std::optional<std::string> failure() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace salus::node
