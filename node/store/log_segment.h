// One file of the intake log: its format, and how it is made, read and searched. docs/storage.md
// explains.
//
//   segment  magic (8) | version (4) | 0 (4) | salt (8) | mark (8) | previous (8) | checksum (8)
//   group    checksum (8) | mark (8) | first (8) | previous (8) | body bytes (4) | records (4)
//            then each record: length (4) | bytes
//
// All integers are little-endian. `previous` is the number of the last record before; `first`
// follows it unless a full disk refused some. Checksums are XXH3-64 over everything behind them,
// seeded with the file's random salt, and `mark` is random: neither can be guessed, so no statement
// can hold bytes that pass for a group. A group without records is a seal: what is before it was
// synced when it was written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "engine/bytes.h"
#include "node/store/file.h"
#include "node/store/intake_log.h"

namespace salus::node {

inline constexpr std::size_t kSegmentHeaderBytes = 48;
inline constexpr std::size_t kGroupHeaderBytes = 40;
inline constexpr std::size_t kRecordLengthBytes = 4;

struct SegmentHeader {
  std::uint64_t salt = 0;
  std::uint64_t mark = 0;
  Sequence previous = 0;  ///< Last number in the segments before.
};

struct GroupHeader {
  Sequence first = 0;
  Sequence previous = 0;
  std::uint32_t body_bytes = 0;
  std::uint32_t records = 0;
  [[nodiscard]] Sequence last() const { return records == 0 ? previous : first + records - 1; }
};

/// Fills in the header at the front of `group`, whose body is behind it already.
void finish_group(const SegmentHeader& segment, Sequence first, Sequence previous,
                  std::uint32_t records, std::span<std::uint8_t> group);

/// "00000000000000000042.log" for a segment whose first record is 42, so that names sort.
std::filesystem::path segment_name(Sequence first);
/// Nothing when it is no segment's name.
std::optional<Sequence> segment_first(const std::filesystem::path& name);

/// Makes a segment with room for `bytes`, of `spare` if there is one: a file in that folder that
/// holds zeros. It has its name, durably, only when it is whole. `before_naming` is called once
/// nothing can go wrong any more for want of room.
File create_segment(const std::filesystem::path& folder, const SegmentHeader& header,
                    std::uint64_t bytes, std::optional<File> spare,
                    const std::function<void()>& before_naming);

/// A header with new random salt and mark.
SegmentHeader new_segment_header(Sequence previous);

/// Throws when it is damaged, of another version, or not the one that its name says.
SegmentHeader read_segment_header(const File& file);

/// Reads the groups of a segment in order and checks each.
class SegmentReader {
 public:
  /// Groups up to `end` are read; `file` must outlive the reader.
  SegmentReader(const File& file, std::uint64_t end);

  /// The next group; nothing at the end and at what is no whole group that follows the one before.
  /// `body()` is valid until the next call.
  std::optional<GroupHeader> next();
  [[nodiscard]] Bytes body() const { return body_; }
  /// Where the next group starts: behind the last one that was good.
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  [[nodiscard]] Sequence last() const { return last_; }
  /// Whether the last group was a seal. `offset()` is where it starts: the next group replaces it.
  [[nodiscard]] bool sealed() const { return sealed_; }
  [[nodiscard]] const SegmentHeader& header() const { return header_; }

 private:
  const File& file_;
  SegmentHeader header_;
  std::uint64_t offset_ = kSegmentHeaderBytes;
  std::uint64_t end_;
  Sequence last_;
  bool sealed_ = false;
  std::vector<std::uint8_t> group_;
  Bytes body_;
};

/// Calls `take` for each record of a group's body, which was checked before.
void for_each_record(const GroupHeader& header, Bytes body,
                     const std::function<void(Sequence, Bytes)>& take);

/// What is behind the last good group of the newest segment.
struct SegmentTail {
  std::uint64_t bytes = 0;  ///< Up to the last byte that is not zero.
  bool has_group =
      false;  ///< There is a whole group: what is before it was synced, and is damaged.
};
SegmentTail examine_tail(const File& file, const SegmentHeader& header, std::uint64_t offset);

/// "FILE is damaged at byte OFFSET: WHAT", kind `input`.
[[noreturn]] void throw_damaged(const std::filesystem::path& file, std::uint64_t offset,
                                const std::string& what);

}  // namespace salus::node
