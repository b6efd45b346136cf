#include "node/store/spare_segment.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/log.h"
#include "engine/stopwatch.h"

namespace salus::node {

namespace {

/// Synced step by step, with a rest as long as the step: whoever writes the log waits for the same
/// disk.
constexpr std::uint64_t kStepBytes = std::uint64_t{1} << 20;

}  // namespace

SpareSegment::SpareSegment(std::filesystem::path path)
    : path_(std::move(path)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

SpareSegment::~SpareSegment() {
  thread_.request_stop();
  thread_.join();
  if (ready_) ::unlink(path_.c_str());
}

void SpareSegment::prepare(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (is_wanted_ || ready_) return;
  bytes_ = bytes;
  is_wanted_ = true;
  wanted_.notify_one();
}

std::optional<File> SpareSegment::take(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (!ready_ || bytes_ != bytes) return std::nullopt;
  return std::exchange(ready_, std::nullopt);
}

void SpareSegment::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (wanted_.wait(lock, stop, [this] { return is_wanted_; })) {
    const std::uint64_t bytes = bytes_;
    lock.unlock();
    std::optional<File> filled = fill(bytes, stop);
    lock.lock();
    is_wanted_ = false;
    if (filled) ready_.emplace(std::move(*filled));
  }
}

std::optional<File> SpareSegment::fill(std::uint64_t bytes, const std::stop_token& stop) const {
  try {
    File file(path_, O_RDWR | O_CREAT | O_TRUNC);
    const std::vector<std::uint8_t> zeros(std::min(bytes, kStepBytes));
    std::mutex nobody;
    std::unique_lock resting(nobody);
    std::condition_variable_any rest;
    for (std::uint64_t at = 0; at < bytes && !stop.stop_requested(); at += kStepBytes) {
      const Stopwatch watch;
      file.write_at(at, Bytes(zeros).first(std::min(bytes - at, kStepBytes)));
      file.sync_data();
      rest.wait_for(resting, stop, std::chrono::duration<double>(watch.seconds()),
                    [] { return false; });
    }
    if (!stop.stop_requested()) return file;
  } catch (const FileError& error) {
    logging::debug("no file was made ready for the intake log: {}", error.what());
  }
  ::unlink(path_.c_str());
  return std::nullopt;
}

}  // namespace salus::node
