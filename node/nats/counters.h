// What a consumer has done, for status lines and metrics.
#pragma once

#include <cstdint>

namespace salus::node::nats {

/// Since the start, but for those that say "now". Each is right; taken together they may be some
/// events apart.
struct Counters {
  bool is_connected = false;       ///< Now: to a server that has the stream and the consumer.
  std::uint64_t held = 0;          ///< Now: messages fetched and not answered by the sink.
  std::uint64_t backlog = 0;       ///< Messages the server had for us when it sent the last one.
  std::uint64_t connections = 0;   ///< That came to be.
  std::uint64_t fetches = 0;       ///< Asked for.
  std::uint64_t fetched = 0;       ///< Messages.
  std::uint64_t redelivered = 0;   ///< Of these, not for the first time.
  std::uint64_t foreign = 0;       ///< What came into our inbox and is of no fetch; thrown away.
  std::uint64_t bytes = 0;         ///< Of the messages.
  std::uint64_t submissions = 0;   ///< Batches that the sink took.
  std::uint64_t stalls = 0;        ///< How often the sink had no room.
  std::uint64_t accepted = 0;      ///< Statements that are durable.
  std::uint64_t duplicates = 0;    ///< Statements that the node had already.
  std::uint64_t refused = 0;       ///< Statements, and messages without a readable one.
  std::uint64_t overloaded = 0;    ///< Statements that the sink did not look at.
  std::uint64_t acknowledged = 0;  ///< Messages.
  std::uint64_t deferred = 0;      ///< Messages that are to come again, for `overloaded`.
};

}  // namespace salus::node::nats
