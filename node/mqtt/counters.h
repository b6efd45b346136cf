// What a listener has done, for status lines and metrics.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "node/mqtt/close_reason.h"

namespace salus::node::mqtt {

/// Since the start, but for the two that say "now". Each is right; taken together they may be some
/// events apart.
struct Counters {
  std::size_t connections = 0;     ///< Now.
  std::size_t held_bytes = 0;      ///< Now; see `ListenerOptions::max_held_bytes`.
  std::uint64_t accepted = 0;      ///< TCP connections.
  std::uint64_t over_limit = 0;    ///< Of these, one more than may be.
  std::uint64_t publishes = 0;     ///< PUBLISH packets.
  std::uint64_t submissions = 0;   ///< Batches that the sink took.
  std::uint64_t acknowledged = 0;  ///< PUBACKs.
  std::uint64_t refused = 0;       ///< Statements.
  std::uint64_t overloaded = 0;    ///< Statements that the sink did not look at.
  std::uint64_t ignored = 0;       ///< What bridges tell of themselves.
  std::uint64_t receipts = 0;      ///< Sent.
  std::uint64_t stalls = 0;        ///< How often a connection was no longer read from.
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
  std::array<std::uint64_t, kCloseReasons> closed{};  ///< Connections, by `CloseReason`.

  [[nodiscard]] std::uint64_t closed_for(CloseReason reason) const {
    return closed[static_cast<std::size_t>(reason)];
  }
};

}  // namespace salus::node::mqtt
