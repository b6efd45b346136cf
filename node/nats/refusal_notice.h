// What is published about a statement that was refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "node/ingest/statement_sink.h"
#include "node/statement/statement.h"

namespace salus::node::nats {

struct RefusalNotice {
  Digest id{};              ///< Zeros where the statement could not be read.
  std::string_view reason;  ///< "bad_signature", ...
  std::uint64_t stream_sequence = 0;
  std::size_t index = 0;  ///< Of the statement in its message.
};

/// {"id":"9f86...","reason":"bad_signature","stream_sequence":7,"index":0}
std::string to_json(const RefusalNotice& notice);

/// `<prefix>.<signer in hex>`; the signer is the one that the statement names, be it true or not.
/// `<prefix>.unknown` where it could not be read, which is a signer of zeros.
std::string notice_subject(std::string_view prefix, const KeyId& signer);

}  // namespace salus::node::nats
