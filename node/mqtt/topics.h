// What topics mean to the node. Statements say themselves who signed them and what they are about,
// so that any topic below the prefix will do for them.
//
//   <prefix>/...                     statements
//   <prefix>/<client id>/receipt     to that client only
//   <prefix>/<client id>/refused     to that client only
//   $SYS/broker/connection/...       what a mosquitto bridge tells of its own state: not needed
//   here
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace salus::node::mqtt {

enum class TopicUse : std::uint8_t { statement, bridge_state, foreign };

/// Whether a name is fit to be the prefix: a topic name without "$" or "/" at its ends.
bool is_topic_prefix(std::string_view prefix);

/// What a publish to `topic` is.
TopicUse topic_use(std::string_view prefix, std::string_view topic);

/// Whether a client may call itself so: 1 to `max_bytes` bytes that can be one level of a topic,
/// without control characters.
bool is_client_id(std::string_view id, std::size_t max_bytes);

/// The two topics of a client.
struct OwnTopics {
  OwnTopics() = default;
  OwnTopics(std::string_view prefix, std::string_view client_id);

  std::string receipt;
  std::string refused;
};

}  // namespace salus::node::mqtt
