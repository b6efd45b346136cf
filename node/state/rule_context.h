// Where and when a statement is looked at.
#pragma once

#include <cstdint>
#include <optional>

namespace salus::node {

struct RuleContext {
  /// The block's time, or the clock where a statement is taken in; seconds since 1970 UTC.
  std::int64_t time = 0;
  /// Seconds that `iat` may be ahead of `time`, and behind the registration of its signer.
  std::int64_t max_ahead = 120;
  /// Of the block that the statement is in, or that it would come into.
  std::uint64_t height = 0;
  /// Whether it is statement 0 of a block.
  bool is_first = false;
};

}  // namespace salus::node
