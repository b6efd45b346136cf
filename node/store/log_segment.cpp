#include "node/store/log_segment.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

#include "node/store/byte_order.h"

namespace salus::node {

namespace {

constexpr std::array<std::uint8_t, 8> kMagic = {'S', 'a', 'l', 'u', 's', 'L', 'o', 'g'};
constexpr std::uint32_t kVersion = 1;
constexpr const char* kUnnamed = "new.tmp";

// The checksum of a segment's header is its last field, that of a group its first.
constexpr std::size_t kHeaderChecksumAt = kSegmentHeaderBytes - 8;
constexpr std::size_t kGroupChecksumBytes = 8;
constexpr std::size_t kGroupMarkAt = 8;

std::uint64_t random_word() {
  std::uint64_t word = 0;
  if (::getrandom(&word, sizeof word, 0) != static_cast<ssize_t>(sizeof word)) {
    throw Error(ErrorKind::system, "the system gives no random bytes");
  }
  return word;
}

std::uint64_t group_checksum(const SegmentHeader& segment, Bytes group) {
  const Bytes covered = group.subspan(kGroupChecksumBytes);
  return XXH3_64bits_withSeed(covered.data(), covered.size(), segment.salt);
}

GroupHeader load_group_header(const std::uint8_t* at) {
  return {.first = load_little<std::uint64_t>(at + 16),
          .previous = load_little<std::uint64_t>(at + 24),
          .body_bytes = load_little<std::uint32_t>(at + 32),
          .records = load_little<std::uint32_t>(at + 36)};
}

bool has_mark(const SegmentHeader& segment, const std::uint8_t* group) {
  return load_little<std::uint64_t>(group + kGroupMarkAt) == segment.mark;
}

bool records_fill(Bytes body, std::uint32_t records) {
  for (; records > 0; --records) {
    if (body.size() < kRecordLengthBytes) return false;
    const auto length = load_little<std::uint32_t>(body.data());
    if (length > body.size() - kRecordLengthBytes) return false;
    body = body.subspan(kRecordLengthBytes + length);
  }
  return body.empty();
}

/// The group at the front of `bytes`, whatever is behind it.
std::optional<GroupHeader> check_group(const SegmentHeader& segment, Bytes bytes) {
  if (bytes.size() < kGroupHeaderBytes || !has_mark(segment, bytes.data())) return std::nullopt;
  const GroupHeader header = load_group_header(bytes.data());
  if (header.body_bytes > bytes.size() - kGroupHeaderBytes) return std::nullopt;
  const Bytes group = bytes.first(kGroupHeaderBytes + header.body_bytes);
  if (load_little<std::uint64_t>(bytes.data()) != group_checksum(segment, group)) {
    return std::nullopt;
  }
  if (!records_fill(group.subspan(kGroupHeaderBytes), header.records)) return std::nullopt;
  return header;
}

}  // namespace

void throw_damaged(const std::filesystem::path& file, std::uint64_t offset,
                   const std::string& what) {
  throw Error(ErrorKind::input,
              fmt::format("{} is damaged at byte {}: {}", file.string(), offset, what));
}

void finish_group(const SegmentHeader& segment, Sequence first, Sequence previous,
                  std::uint32_t records, std::span<std::uint8_t> group) {
  store_little(group.data() + kGroupMarkAt, segment.mark);
  store_little(group.data() + 16, first);
  store_little(group.data() + 24, previous);
  store_little(group.data() + 32, static_cast<std::uint32_t>(group.size() - kGroupHeaderBytes));
  store_little(group.data() + 36, records);
  store_little(group.data(), group_checksum(segment, group));
}

std::filesystem::path segment_name(Sequence first) { return fmt::format("{:020}.log", first); }

std::optional<Sequence> segment_first(const std::filesystem::path& name) {
  const std::string text = name.filename().string();
  Sequence first = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), first);
  if (error != std::errc() || segment_name(first) != text) return std::nullopt;
  return first;
}

SegmentHeader new_segment_header(Sequence previous) {
  return {.salt = random_word(), .mark = random_word(), .previous = previous};
}

File create_segment(const std::filesystem::path& folder, const SegmentHeader& header,
                    std::uint64_t bytes, std::optional<File> spare,
                    const std::function<void()>& before_naming) {
  std::array<std::uint8_t, kSegmentHeaderBytes> encoded{};
  std::copy(kMagic.begin(), kMagic.end(), encoded.begin());
  store_little(encoded.data() + 8, kVersion);
  store_little(encoded.data() + 16, header.salt);
  store_little(encoded.data() + 24, header.mark);
  store_little(encoded.data() + 32, header.previous);
  store_little(encoded.data() + kHeaderChecksumAt, XXH3_64bits(encoded.data(), kHeaderChecksumAt));

  File file = spare ? std::move(*spare) : File(folder / kUnnamed, O_RDWR | O_CREAT | O_TRUNC);
  const std::filesystem::path unnamed = file.path();
  try {
    file.allocate(bytes);
    file.write_at(0, encoded);
    file.sync();
    before_naming();
    file.rename(folder / segment_name(header.previous + 1));
  } catch (const FileError&) {
    ::unlink(unnamed.c_str());  // Gives back its room now; opening would do so, too.
    throw;
  }
  sync_folder(folder);
  return file;
}

SegmentHeader read_segment_header(const File& file) {
  std::array<std::uint8_t, kSegmentHeaderBytes> bytes{};
  if (file.read_at(0, bytes) < bytes.size() ||
      !std::equal(kMagic.begin(), kMagic.end(), bytes.begin())) {
    throw_damaged(file.path(), 0, "it does not start as a file of the intake log does");
  }
  if (load_little<std::uint64_t>(bytes.data() + kHeaderChecksumAt) !=
      XXH3_64bits(bytes.data(), kHeaderChecksumAt)) {
    throw_damaged(file.path(), 0, "the checksum of its header is wrong");
  }
  const auto version = load_little<std::uint32_t>(bytes.data() + 8);
  if (version != kVersion) {
    throw Error(ErrorKind::input,
                fmt::format("{} has version {} of the intake log's format, this program reads {}",
                            file.path().string(), version, kVersion));
  }
  const SegmentHeader header = {.salt = load_little<std::uint64_t>(bytes.data() + 16),
                                .mark = load_little<std::uint64_t>(bytes.data() + 24),
                                .previous = load_little<std::uint64_t>(bytes.data() + 32)};
  if (segment_first(file.path()) != header.previous + 1) {
    throw_damaged(file.path(), 32, "it was written under another name");
  }
  return header;
}

SegmentReader::SegmentReader(const File& file, std::uint64_t end)
    : file_(file), header_(read_segment_header(file)), end_(end), last_(header_.previous) {}

std::optional<GroupHeader> SegmentReader::next() {
  if (sealed_ || end_ - offset_ < kGroupHeaderBytes) return std::nullopt;
  group_.resize(kGroupHeaderBytes);
  if (file_.read_at(offset_, group_) < kGroupHeaderBytes) return std::nullopt;
  const GroupHeader claimed = load_group_header(group_.data());
  if (!has_mark(header_, group_.data()) ||
      claimed.body_bytes > end_ - offset_ - kGroupHeaderBytes) {
    return std::nullopt;
  }
  group_.resize(kGroupHeaderBytes + claimed.body_bytes);
  const std::span<std::uint8_t> body(group_.data() + kGroupHeaderBytes, claimed.body_bytes);
  if (file_.read_at(offset_ + kGroupHeaderBytes, body) < body.size()) return std::nullopt;
  const auto header = check_group(header_, group_);
  if (!header || header->previous != last_ || header->first <= last_) return std::nullopt;
  body_ = body;
  last_ = header->last();
  sealed_ = header->records == 0;
  if (!sealed_) offset_ += group_.size();
  return header;
}

void for_each_record(const GroupHeader& header, Bytes body,
                     const std::function<void(Sequence, Bytes)>& take) {
  for (Sequence at = header.first; at <= header.last(); ++at) {
    const auto length = load_little<std::uint32_t>(body.data());
    take(at, body.subspan(kRecordLengthBytes, length));
    body = body.subspan(kRecordLengthBytes + length);
  }
}

SegmentTail examine_tail(const File& file, const SegmentHeader& header, std::uint64_t offset) {
  std::vector<std::uint8_t> tail(file.size() - offset);
  tail.resize(file.read_at(offset, tail));
  std::size_t used = tail.size();
  while (used > 0 && tail[used - 1] == 0) --used;
  SegmentTail result{.bytes = used};
  std::array<std::uint8_t, 8> mark{};
  store_little(mark.data(), header.mark);
  auto at = tail.begin();
  while ((at = std::search(at, tail.end(), mark.begin(), mark.end())) != tail.end()) {
    const auto group_at = at - tail.begin() - static_cast<std::ptrdiff_t>(kGroupMarkAt);
    ++at;
    if (group_at < 0) continue;
    if (check_group(header, Bytes(tail).subspan(static_cast<std::size_t>(group_at)))) {
      result.has_group = true;
      break;
    }
  }
  return result;
}

}  // namespace salus::node
