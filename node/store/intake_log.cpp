#include "node/store/intake_log.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/stopwatch.h"
#include "node/store/byte_order.h"
#include "node/store/log_segment.h"
#include "node/store/log_writer.h"

namespace salus::node {

namespace {

/// Keeps the length of a group, which may be behind `max_pending_bytes` by one batch, within 32
/// bits.
constexpr std::size_t kMaxBatchBytes = std::size_t{256} << 20;
constexpr std::size_t kMaxPendingBytes = std::size_t{1} << 30;

/// What a batch needs in a group. Throws when it may not be in one.
std::size_t checked_size(std::span<const Bytes> records) {
  std::size_t bytes = 0;
  for (const Bytes record : records) {
    if (record.empty() || record.size() > IntakeLog::kMaxRecordBytes) {
      throw Error(ErrorKind::usage,
                  fmt::format("a record of the intake log has 1 to {} bytes, not {}",
                              IntakeLog::kMaxRecordBytes, record.size()));
    }
    bytes += kRecordLengthBytes + record.size();
  }
  if (bytes > kMaxBatchBytes) {
    throw Error(ErrorKind::usage,
                fmt::format("a batch for the intake log has at most {} bytes", kMaxBatchBytes));
  }
  return bytes;
}

/// Calls `take` for the records of a segment from number `from` on; the last number in it.
Sequence replay_segment(const File& file, std::uint64_t end, std::optional<Sequence> before,
                        Sequence from, const std::function<void(Sequence, Bytes)>& take) {
  SegmentReader reader(file, end);
  if (before && *before != reader.header().previous) {
    throw_damaged(file.path(), 0,
                  fmt::format("the records {} to {} before it are missing", *before + 1,
                              reader.header().previous));
  }
  while (const auto group = reader.next()) {
    if (group->last() < from) continue;
    for_each_record(*group, reader.body(), [&](Sequence at, Bytes record) {
      if (at >= from) take(at, record);
    });
  }
  if (reader.offset() != end) {
    throw_damaged(file.path(), reader.offset(),
                  fmt::format("the records from {} on cannot be read", reader.last() + 1));
  }
  return reader.last();
}

}  // namespace

class IntakeLog::Impl {
 public:
  Impl(std::filesystem::path folder, IntakeLogOptions options)
      : log_(std::move(folder), options.segment_bytes),
        max_pending_(std::min(options.max_pending_bytes, kMaxPendingBytes)),
        given_(log_.last()),
        decided_(given_),
        durable_(given_) {
    begin_pending();
    writer_ = std::jthread([this](const std::stop_token& stop) { write_groups(stop); });
  }

  ~Impl() {
    {
      const std::lock_guard lock(mutex_);
      writer_.request_stop();
    }
    work_.notify_all();
  }

  Sequence append(std::span<const Bytes> records) {
    checked_size(records);
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return !failure_.empty() || pending_bytes() < max_pending_; });
    throw_if_failed();
    for (const Bytes record : records) {
      std::uint8_t length[kRecordLengthBytes];
      store_little(length, static_cast<std::uint32_t>(record.size()));
      pending_.insert(pending_.end(), length, length + kRecordLengthBytes);
      pending_.insert(pending_.end(), record.begin(), record.end());
    }
    given_ += records.size();
    const Sequence last = given_;
    lock.unlock();
    work_.notify_one();
    return last;
  }

  void wait_durable(Sequence sequence) {
    std::unique_lock lock(mutex_);
    if (sequence > given_) {
      throw Error(ErrorKind::usage,
                  fmt::format("record {} was never appended to the intake log", sequence));
    }
    outcome_.wait(lock, [&] { return !failure_.empty() || decided_ >= sequence; });
    if (decided_ < sequence) throw_if_failed();
    if (is_refused(sequence)) throw Error(ErrorKind::system, refusal_);
  }

  Durability state(Sequence sequence) const {
    const std::lock_guard lock(mutex_);
    if (is_refused(sequence)) return Durability::refused;
    if (sequence <= decided_) return Durability::durable;
    return failure_.empty() ? Durability::pending : Durability::refused;
  }

  Sequence durable_up_to() const noexcept { return durable_.load(std::memory_order_acquire); }

  void replay(Sequence from, const std::function<void(Sequence, Bytes)>& take) const {
    const LogExtent extent = log_.extent();
    auto segment = std::ranges::upper_bound(extent.segments, from, {}, &LogExtent::Segment::first);
    if (segment != extent.segments.begin()) --segment;
    std::optional<Sequence> before;
    for (; segment != extent.segments.end(); ++segment) {
      const File file(segment->path, O_RDONLY);
      const bool newest = segment + 1 == extent.segments.end();
      before = replay_segment(file, newest ? extent.newest_end : file.size(), before, from, take);
    }
  }

  void release(Sequence up_to) {
    log_.release(up_to);
    const std::lock_guard lock(mutex_);
    std::erase_if(refused_, [&](const Range& range) { return range.last <= up_to; });
  }

  void begin_file() { log_.begin_file(); }

  void copy_to(const std::filesystem::path& folder) const { log_.copy_to(folder); }

  const std::optional<TornTail>& torn_tail() const noexcept { return log_.torn_tail(); }

  IntakeLogStats stats() const {
    const LogExtent extent = log_.extent();
    std::uint64_t on_disk = 0;
    for (const auto& segment : extent.segments) {
      std::error_code gone;  // Released meanwhile.
      const auto size = std::filesystem::file_size(segment.path, gone);
      if (!gone) on_disk += size;
    }
    const std::lock_guard lock(mutex_);
    IntakeLogStats stats = stats_;
    stats.segments = extent.segments.size();
    stats.on_disk = on_disk;
    stats.pending = pending_bytes();
    return stats;
  }

  std::optional<std::string> failure() const {
    const std::lock_guard lock(mutex_);
    return failure_.empty() ? std::nullopt : std::optional(failure_);
  }

 private:
  struct Range {
    Sequence first = 0;
    Sequence last = 0;
  };

  std::size_t pending_bytes() const { return pending_.size() - kGroupHeaderBytes; }

  void begin_pending() { pending_.assign(kGroupHeaderBytes, 0); }

  void throw_if_failed() const {
    if (!failure_.empty()) throw Error(ErrorKind::system, failure_);
  }

  bool is_refused(Sequence sequence) const {
    const auto behind = std::ranges::upper_bound(refused_, sequence, {}, &Range::first);
    return behind != refused_.begin() && sequence <= std::prev(behind)->last;
  }

  void write_groups(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    for (;;) {
      work_.wait(lock, [&] { return stop.stop_requested() || pending_bytes() > 0; });
      if (pending_bytes() == 0) return;
      group_.swap(pending_);
      begin_pending();
      const Range range{decided_ + 1, given_};
      lock.unlock();
      room_.notify_all();
      write_group(range);
      lock.lock();
      if (!failure_.empty()) return;
      if (pending_bytes() > 0) continue;  // The next group will show that this one was synced.
      lock.unlock();
      seal();
      lock.lock();
    }
  }

  void write_group(Range range) {
    const Stopwatch watch;
    try {
      log_.write(range.first, static_cast<std::uint32_t>(range.last - range.first + 1), group_);
      const std::lock_guard lock(mutex_);
      note_durable(range, watch.seconds());
    } catch (const DiskFull& error) {
      const std::lock_guard lock(mutex_);
      note_refused(range, error.what());
    } catch (const std::exception& error) {
      fail(error.what());
    }
    outcome_.notify_all();
  }

  void seal() {
    try {
      log_.seal();
    } catch (const DiskFull&) {  // It is only a help.
    } catch (const std::exception& error) {
      fail(error.what());
    }
  }

  void note_durable(Range range, double seconds) {
    const std::uint64_t records = range.last - range.first + 1;
    decided_ = range.last;
    durable_.store(range.last, std::memory_order_release);
    stats_.records += records;
    stats_.bytes += group_.size() - kGroupHeaderBytes - records * kRecordLengthBytes;
    ++stats_.syncs;
    stats_.last_sync_ms = seconds * 1e3;
  }

  void note_refused(Range range, const char* reason) {
    decided_ = range.last;
    refusal_ = reason;
    stats_.refused += range.last - range.first + 1;
    if (!refused_.empty() && refused_.back().last + 1 == range.first) {
      refused_.back().last = range.last;
    } else {
      refused_.push_back(range);
    }
  }

  void fail(const std::string& reason) {
    const std::lock_guard lock(mutex_);
    failure_ = "the intake log has stopped and must be opened anew: " + reason;
    outcome_.notify_all();
    room_.notify_all();
  }

  LogWriter log_;
  std::size_t max_pending_;

  mutable std::mutex mutex_;  ///< Of all that follows, but for `group_`.
  std::condition_variable work_, room_, outcome_;
  std::vector<std::uint8_t> pending_;  ///< Records that wait, behind room for a group's header.
  Sequence given_;                     ///< Last number given out.
  Sequence decided_;                   ///< Up to here it is known what became of each record.
  std::atomic<Sequence> durable_;
  std::vector<Range> refused_;  ///< Ascending, neighbours merged.
  std::string refusal_;         ///< Why the last of them were.
  std::string failure_;         ///< Not empty: for good.
  IntakeLogStats stats_;

  std::vector<std::uint8_t> group_;  ///< Being written; only the writing thread uses it.
  std::jthread writer_;              ///< Last, so that it ends before what it uses goes.
};

IntakeLog::IntakeLog(std::filesystem::path folder, IntakeLogOptions options)
    : impl_(std::make_unique<Impl>(std::move(folder), options)) {}
IntakeLog::~IntakeLog() = default;
Sequence IntakeLog::append(std::span<const Bytes> records) { return impl_->append(records); }
void IntakeLog::wait_durable(Sequence sequence) { impl_->wait_durable(sequence); }
Durability IntakeLog::state(Sequence sequence) const { return impl_->state(sequence); }
Sequence IntakeLog::durable_up_to() const noexcept { return impl_->durable_up_to(); }
void IntakeLog::replay(Sequence from, const std::function<void(Sequence, Bytes)>& take) const {
  impl_->replay(from, take);
}
void IntakeLog::release(Sequence up_to) { impl_->release(up_to); }
void IntakeLog::begin_file() { impl_->begin_file(); }
void IntakeLog::copy_to(const std::filesystem::path& folder) const { impl_->copy_to(folder); }
const std::optional<TornTail>& IntakeLog::torn_tail() const noexcept { return impl_->torn_tail(); }
IntakeLogStats IntakeLog::stats() const { return impl_->stats(); }
std::optional<std::string> IntakeLog::failure() const { return impl_->failure(); }

}  // namespace salus::node
