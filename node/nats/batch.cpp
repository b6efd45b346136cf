#include "node/nats/batch.h"

#include <cstring>
#include <utility>
#include <variant>

namespace salus::node::nats {
namespace {

KeyId signer_of(Bytes message) {
  const auto read = parse_statement(message, kMaxStatementBytes);
  const auto* const statement = std::get_if<Statement>(&read);
  return statement == nullptr ? KeyId{} : statement->signer;
}

}  // namespace

void Batch::add(Bytes body, const char* reply, std::uint64_t stream_sequence,
                std::size_t max_statements) {
  Fetched message{.reply = replies.size(), .stream_sequence = stream_sequence};
  replies.append(reply, std::strlen(reply) + 1);
  auto split = api::split_body({body.begin(), body.end()}, max_statements);
  if (const auto* fault = std::get_if<api::BodyFault>(&split)) {
    message.fault = *fault;
  } else {
    const Submission& found = std::get<Submission>(split);
    const std::size_t begin = submission.bytes.size();
    submission.bytes.insert(submission.bytes.end(), found.bytes.begin(), found.bytes.end());
    for (std::size_t i = 0; i < found.size(); ++i) {
      submission.ends.push_back(static_cast<std::uint32_t>(begin + found.ends[i]));
      signers.push_back(signer_of(found.message(i)));
    }
    message.statements = found.size();
  }
  messages.push_back(message);
}

}  // namespace salus::node::nats
