// Secondary indexes: for each block and each term in it, the list of statements that have the term.
//
//   key    kind (1) | length of term (1) | term | height (4)       signer, subject, type
//          kind (1) | time, so that it sorts (8) | height (4)       time
//   value  for each statement: index, less the one before (varint) | time, less the one before
//   (zigzag
//          varint; not for kind `time`)
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "engine/bytes.h"
#include "node/store/block_store.h"

namespace salus::node {

/// Calls `take(key, value)` for each index entry of a block. Each key comes once.
void make_postings(
    Height height, std::span<const IndexTerms> terms,
    const std::function<void(const std::string& key, const std::string& value)>& take);

/// What all keys of a term start with.
std::string posting_prefix(IndexKind kind, Bytes term);
/// What keys of kind `time` start with, for one time.
std::string time_prefix(std::int64_t time);
/// The height at the end of a key.
Height posting_height(Bytes key);
/// The time in a key of kind `time`.
std::int64_t posting_time(Bytes key);

/// Reads a value. Bytes that are none end it early: `damaged()`.
class PostingReader {
 public:
  /// Without `time`, times are read from the value.
  PostingReader(Bytes value, Height height, std::optional<std::int64_t> time)
      : rest_(value), height_(height), fixed_time_(time) {}

  std::optional<IndexHit> next();
  [[nodiscard]] bool damaged() const { return damaged_; }

 private:
  std::uint64_t varint();

  Bytes rest_;
  Height height_;
  std::optional<std::int64_t> fixed_time_;
  std::uint32_t index_ = 0;
  std::int64_t time_ = 0;
  bool damaged_ = false;
};

}  // namespace salus::node
