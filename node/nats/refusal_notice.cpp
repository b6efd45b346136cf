#include "node/nats/refusal_notice.h"

#include <fmt/format.h>

namespace salus::node::nats {

std::string to_json(const RefusalNotice& notice) {
  const std::string id = notice.id == Digest{} ? "null" : fmt::format("\"{}\"", to_hex(notice.id));
  return fmt::format(R"({{"id":{},"reason":"{}","stream_sequence":{},"index":{}}})", id,
                     notice.reason, notice.stream_sequence, notice.index);
}

std::string notice_subject(std::string_view prefix, const KeyId& signer) {
  return fmt::format("{}.{}", prefix, signer == KeyId{} ? "unknown" : to_hex(signer));
}

}  // namespace salus::node::nats
