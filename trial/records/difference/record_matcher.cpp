#include "trial/records/difference/record_matcher.h"

#include <algorithm>

#include "engine/error.h"
#include "trial/records/fingerprint.h"

namespace salus::trial {
namespace {

constexpr std::uint64_t kMostRecords = 0xffff'fffe;

}  // namespace

RecordMatcher::RecordMatcher(const RecordIndex& index, std::uint64_t matched)
    : expected_(matched), found_(matched) {
  if (index.size() > kMostRecords)
    throw Error(ErrorKind::input, index.name() + ": too many records to say which of them differ");
  sealed_.contents.reserve(index.size());
  sealed_.keys.reserve(index.size());
  for (std::uint64_t block = 0; block < index.blocks(); ++block)
    index.read_fingerprints(block, sealed_);
  by_.resize(index.size());
  std::fill_n(by_.begin(), matched, MatchBy::content);
  if (matched != 0) runs_.push_back({0, 0, matched});
}

bool RecordMatcher::is_expected(std::uint64_t content) const {
  return can_have(expected_, MatchBy::content) && sealed_.contents[expected_] == content;
}

std::optional<std::uint64_t> RecordMatcher::find_content(std::uint64_t content) {
  if (!by_content_) by_content_.emplace(sealed_.contents, std::nullopt);
  return by_content_->first_free(
      content, [this](std::uint64_t sealed) { return can_have(sealed, MatchBy::elsewhere); });
}

std::optional<std::uint64_t> RecordMatcher::find_key(std::uint64_t key) {
  if (key == kNoKey) return std::nullopt;
  if (can_have(expected_, MatchBy::key) && sealed_.keys[expected_] == key) return expected_;
  if (!by_key_) by_key_.emplace(sealed_.keys, kNoKey);
  return by_key_->first_free(
      key, [this](std::uint64_t sealed) { return can_have(sealed, MatchBy::key); });
}

Match RecordMatcher::next(std::uint64_t content, std::uint64_t key) {
  const std::uint64_t expected = expected_;
  Match match;
  if (is_expected(content)) {
    match = take(expected, MatchBy::content);
  } else if (const auto sealed = find_content(content)) {
    match = take(*sealed, MatchBy::elsewhere);
  } else if (const auto same_key = find_key(key)) {
    match = take(*same_key, MatchBy::key);
  } else if (can_have(expected, MatchBy::position)) {
    match = take(expected, MatchBy::position);
  }
  if (match.by != MatchBy::nothing && can_have(expected, MatchBy::position))
    match.instead = expected;
  ++found_;
  return match;
}

Match RecordMatcher::take(std::uint64_t sealed, MatchBy by) {
  const MatchBy before = by_[sealed];
  if (before > MatchBy::position) take_from_runs(sealed);
  by_[sealed] = by;
  expected_ = sealed + 1;
  if (by != MatchBy::position) add_to_runs(sealed);
  return {by, sealed, before};
}

bool RecordMatcher::claim(std::uint64_t sealed) {
  if (!can_have(sealed, MatchBy::position)) return false;
  by_[sealed] = MatchBy::position;
  return true;
}

void RecordMatcher::add_to_runs(std::uint64_t sealed) {
  if (!runs_.empty()) {
    Run& last = runs_.back();
    if (sealed == last.sealed + last.length && found_ == last.found + last.length) {
      ++last.length;
      return;
    }
  }
  runs_.push_back({sealed, found_, 1});
}

/// Runs must not overlap. What is outdone was taken a moment ago, as a rule.
void RecordMatcher::take_from_runs(std::uint64_t sealed) {
  for (std::size_t i = runs_.size(); i-- > 0;) {
    Run& run = runs_[i];
    if (sealed < run.sealed || sealed >= run.sealed + run.length) continue;
    const std::uint64_t front = sealed - run.sealed;
    const Run behind{sealed + 1, run.found + front + 1, run.length - front - 1};
    run.length = front;
    if (behind.length != 0)
      runs_.insert(runs_.begin() + static_cast<std::ptrdiff_t>(i) + 1, behind);
    if (front == 0) runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(i));
    return;
  }
}

void RecordMatcher::end() {
  by_content_.reset();
  by_key_.reset();
  sealed_ = {};
}

}  // namespace salus::trial
