#include "node/mqtt/topics.h"

#include <fmt/format.h>

#include "node/mqtt/packet.h"
#include "node/statement/plain_text.h"

namespace salus::node::mqtt {

bool is_topic_prefix(std::string_view prefix) {
  return is_topic_name(prefix) && prefix.front() != '$' && prefix.front() != '/' &&
         prefix.back() != '/';
}

TopicUse topic_use(std::string_view prefix, std::string_view topic) {
  if (topic.starts_with("$SYS/broker/connection/")) return TopicUse::bridge_state;
  const bool is_below =
      topic.size() > prefix.size() + 1 && topic.starts_with(prefix) && topic[prefix.size()] == '/';
  const bool is_ours = topic.ends_with("/receipt") || topic.ends_with("/refused");
  return is_below && !is_ours ? TopicUse::statement : TopicUse::foreign;
}

bool is_client_id(std::string_view id, std::size_t max_bytes) {
  return is_plain_text(id, max_bytes) && id.find_first_of("/+#") == std::string_view::npos;
}

OwnTopics::OwnTopics(std::string_view prefix, std::string_view client_id)
    : receipt(fmt::format("{}/{}/receipt", prefix, client_id)),
      refused(fmt::format("{}/{}/refused", prefix, client_id)) {}

}  // namespace salus::node::mqtt
