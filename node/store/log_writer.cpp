#include "node/store/log_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "engine/log.h"

namespace salus::node {

namespace {

/// Segments of a folder in order. Removes what a crash left of one that was being made.
std::vector<LogExtent::Segment> list_segments(const std::filesystem::path& folder) {
  std::vector<LogExtent::Segment> segments;
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  if (error) throw FileError("list", folder, error.value());
  for (const auto& entry : entries) {
    if (const auto first = segment_first(entry.path())) segments.push_back({entry.path(), *first});
    if (entry.path().extension() == ".tmp") ::unlink(entry.path().c_str());
  }
  std::ranges::sort(segments, {}, &LogExtent::Segment::first);
  return segments;
}

constexpr std::size_t kCopyBytes = std::size_t{1} << 20;

void copy_file(const File& from, std::uint64_t bytes, const std::filesystem::path& folder) {
  File to(folder / from.path().filename(), O_WRONLY | O_CREAT | O_EXCL);
  std::vector<std::uint8_t> buffer(kCopyBytes);
  for (std::uint64_t at = 0; at < bytes;) {
    const auto part = std::span(buffer).first(std::min<std::uint64_t>(kCopyBytes, bytes - at));
    const std::size_t count = from.read_at(at, part);
    if (count == 0) throw_damaged(from.path(), at, "it is shorter than what was written");
    to.write_at(at, part.first(count));
    at += count;
  }
  to.sync();
}

std::filesystem::path made(std::filesystem::path folder) {
  make_folder(folder);
  return folder;
}

}  // namespace

LogWriter::LogWriter(std::filesystem::path folder, std::size_t segment_bytes)
    : folder_(made(std::move(folder))),
      lock_(folder_),
      segment_bytes_(segment_bytes),
      spare_(folder_ / "spare.tmp") {
  extent_.segments = list_segments(folder_);
  if (extent_.segments.empty()) {
    begin_segment(segment_bytes_);
  } else {
    open_newest();
  }
}

void LogWriter::open_newest() {
  newest_.emplace(extent_.segments.back().path, O_RDWR);
  SegmentReader reader(*newest_, newest_->size());
  while (reader.next()) {
  }
  header_ = reader.header();
  last_ = reader.last();
  end_ = reader.offset();
  if (!reader.sealed()) {
    const SegmentTail tail = examine_tail(*newest_, header_, end_);
    if (tail.has_group) {
      throw_damaged(newest_->path(), end_,
                    fmt::format("the records from {} on cannot be read", last_ + 1));
    }
    if (tail.bytes > 0) {
      torn_tail_ = TornTail{newest_->path(), end_, tail.bytes};
      logging::warn("{}: cut off {} bytes at byte {}: a write that was interrupted before its sync",
                    newest_->path().string(), tail.bytes, end_);
    }
  }
  newest_->truncate(end_);
  // The last groups may have been in the system's cache only when the process before this one died.
  newest_->sync();
  allocated_ = end_;
  extent_.newest_end = end_;
  try {
    allocate(kGroupHeaderBytes);
    seal();
  } catch (const DiskFull&) {  // Reading is possible all the same.
  }
}

void LogWriter::begin_segment(std::uint64_t bytes) {
  const SegmentHeader header = new_segment_header(last_);
  File file = create_segment(folder_, header, bytes, spare_.take(bytes), [this] {
    if (!newest_) return;
    newest_->truncate(end_);  // A segment that is not the newest ends with its last group.
    newest_->sync();
    allocated_ = end_;
  });
  newest_ = std::move(file);
  header_ = header;
  end_ = kSegmentHeaderBytes;
  allocated_ = bytes;
  const std::lock_guard lock(mutex_);
  if (extent_.segments.empty() || extent_.segments.back().path != newest_->path()) {
    extent_.segments.push_back({newest_->path(), last_ + 1});
  }
  extent_.newest_end = end_;
}

void LogWriter::make_room(std::uint64_t bytes) {
  const bool is_full = is_full_.exchange(false);
  if (end_ + bytes <= allocated_ && !is_full) return;
  if (end_ > kSegmentHeaderBytes && (is_full || end_ + bytes > segment_bytes_)) {
    begin_segment(std::max<std::uint64_t>(segment_bytes_, kSegmentHeaderBytes + bytes));
  } else {
    allocate(bytes);
  }
}

void LogWriter::allocate(std::uint64_t bytes) {
  const std::uint64_t size = std::max<std::uint64_t>(segment_bytes_, end_ + bytes);
  newest_->allocate(size);
  allocated_ = size;
}

void LogWriter::write(Sequence first, std::uint32_t records, std::span<std::uint8_t> group) {
  make_room(group.size());
  finish_group(header_, first, last_, records, group);
  try {
    newest_->write_at(end_, group);
  } catch (const DiskFull&) {
    newest_->truncate(end_);
    allocated_ = end_;
    throw;
  }
  newest_->sync_data();
  end_ += group.size();
  if (end_ > segment_bytes_ / 2) spare_.prepare(segment_bytes_);
  last_ = first + records - 1;
  const std::lock_guard lock(mutex_);
  extent_.newest_end = end_;
}

void LogWriter::seal() {
  if (end_ + kGroupHeaderBytes > allocated_) return;
  std::array<std::uint8_t, kGroupHeaderBytes> group{};
  finish_group(header_, last_ + 1, last_, 0, group);
  newest_->write_at(end_, group);
}

LogExtent LogWriter::extent() const {
  const std::lock_guard lock(mutex_);
  return extent_;
}

void LogWriter::copy_to(const std::filesystem::path& folder) const {
  make_folder(folder);
  std::vector<File> files;
  std::uint64_t newest_end;
  {
    // Once they are open, they may be released.
    const std::lock_guard lock(mutex_);
    for (const auto& segment : extent_.segments) files.emplace_back(segment.path, O_RDONLY);
    newest_end = extent_.newest_end;
  }
  for (const File& file : files) {
    copy_file(file, &file == &files.back() ? newest_end : file.size(), folder);
  }
  sync_folder(folder);
}

void LogWriter::release(Sequence up_to) {
  const std::lock_guard lock(mutex_);
  auto& segments = extent_.segments;
  // In order, so that a crash leaves no gap. Nothing is lost when deleted names come back with it.
  while (segments.size() > 1 && segments[1].first <= up_to + 1) {
    if (::unlink(segments.front().path.c_str()) != 0 && errno != ENOENT) {
      throw FileError("delete", segments.front().path, errno);
    }
    segments.erase(segments.begin());
  }
}

}  // namespace salus::node
