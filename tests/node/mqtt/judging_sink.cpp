#include "tests/node/mqtt/judging_sink.h"

#include <algorithm>
#include <utility>

#include "engine/openssl_sha256.h"

namespace salus::test {
namespace {

using node::Outcome;
using node::Refusal;
using node::Submission;

std::optional<Refusal> refusal_of(std::string_view text) {
  if (text.starts_with("bad")) return Refusal::bad_signature;
  if (text.starts_with("form")) return Refusal::malformed;
  if (text.starts_with("dup")) return Refusal::duplicate;
  if (text.starts_with("over")) return Refusal::overloaded;
  return std::nullopt;
}

std::string_view text_of(Bytes message) {
  return {reinterpret_cast<const char*>(message.data()), message.size()};
}

}  // namespace

Outcome judge(Bytes message) {
  Outcome outcome{.id = openssl_sha256(message), .refusal = refusal_of(text_of(message))};
  if (outcome.refusal == Refusal::malformed) outcome.id = {};
  return outcome;
}

JudgingSink::JudgingSink(JudgingSinkOptions options) : options_(options) {
  if (options_.delay.count() >= 0) thread_ = std::thread([this] { run(); });
}

JudgingSink::~JudgingSink() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool JudgingSink::submit(Submission& submission) {
  {
    const std::lock_guard lock(mutex_);
    if (is_full() || is_stopping_) return false;
    if (options_.keeps_messages)
      for (std::size_t i = 0; i < submission.size(); ++i)
        messages_.emplace_back(text_of(submission.message(i)));
    taken_ += submission.size();
    waiting_count_ += submission.size();
    most_waiting_ = std::max(most_waiting_, waiting_count_);
    waiting_.push_back(
        {std::exchange(submission, {}), std::chrono::steady_clock::now() + options_.delay});
  }
  changed_.notify_all();
  return true;
}

void JudgingSink::call_when_room(std::function<void()> resume) {
  {
    const std::lock_guard lock(mutex_);
    if (is_full()) return resume_.push_back(std::move(resume));
  }
  resume();
}

void JudgingSink::finish(Submission submission) {
  std::vector<Outcome> outcomes(submission.size());
  if (options_.has_ids)
    for (std::size_t i = 0; i < outcomes.size(); ++i) outcomes[i] = judge(submission.message(i));
  std::vector<std::function<void()>> resume;
  {
    const std::lock_guard lock(mutex_);
    waiting_count_ -= submission.size();
    if (!is_full()) resume.swap(resume_);
  }
  submission.done(outcomes);
  for (const auto& call : resume) call();
}

void JudgingSink::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return is_stopping_ || !waiting_.empty(); });
    if (is_stopping_) return;
    const auto due = waiting_.front().due;
    if (std::chrono::steady_clock::now() < due) {
      changed_.wait_until(lock, due, [this] { return is_stopping_; });
      continue;
    }
    Submission submission = std::move(waiting_.front().submission);
    waiting_.pop_front();
    lock.unlock();
    finish(std::move(submission));
    lock.lock();
  }
}

void JudgingSink::answer(std::size_t index) {
  Submission submission;
  {
    const std::lock_guard lock(mutex_);
    submission = std::move(waiting_.at(index).submission);
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(index));
  }
  finish(std::move(submission));
}

void JudgingSink::drop_all() {
  std::deque<Waiting> dropped;
  const std::lock_guard lock(mutex_);
  dropped.swap(waiting_);
}

void JudgingSink::set_full(bool is_full_now) {
  std::vector<std::function<void()>> resume;
  {
    const std::lock_guard lock(mutex_);
    is_full_ = is_full_now;
    if (!is_full()) resume.swap(resume_);
  }
  for (const auto& call : resume) call();
}

std::size_t JudgingSink::waiting_submissions() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

std::size_t JudgingSink::taken() const {
  const std::lock_guard lock(mutex_);
  return taken_;
}

std::size_t JudgingSink::most_waiting() const {
  const std::lock_guard lock(mutex_);
  return most_waiting_;
}

std::vector<std::string> JudgingSink::messages() const {
  const std::lock_guard lock(mutex_);
  return messages_;
}

bool JudgingSink::wait_for(std::size_t statements) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return taken_ >= statements; });
}

}  // namespace salus::test
