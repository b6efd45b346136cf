#include "node/nats/acknowledge.h"

#include <span>
#include <string_view>

#include "node/nats/refusal_notice.h"

namespace salus::node::nats {
namespace {

class Answering {
 public:
  Answering(natsConnection* connection, const ConsumerOptions& options, Counting& counting)
      : connection_(connection), options_(options), counting_(counting) {}

  bool answer(const Batch& batch) {
    std::size_t first = 0;
    for (const Fetched& message : batch.messages) {
      answer(batch, message, first);
      first += message.statements;
    }
    counting_.accepted.add(accepted_);
    counting_.duplicates.add(duplicates_);
    counting_.refused.add(refused_);
    counting_.overloaded.add(overloaded_);
    counting_.acknowledged.add(acknowledged_);
    counting_.deferred.add(deferred_);
    return deferred_ == 0;
  }

 private:
  void answer(const Batch& batch, const Fetched& message, std::size_t first) {
    const auto outcomes = std::span(batch.outcomes).subspan(first, message.statements);
    std::uint64_t overloaded = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      const auto& refusal = outcomes[i].refusal;
      if (!refusal) {
        ++accepted_;
      } else if (*refusal == Refusal::duplicate) {
        ++duplicates_;
      } else if (*refusal == Refusal::overloaded) {
        ++overloaded;
      } else {
        tell({outcomes[i].id, to_string(*refusal), message.stream_sequence, i},
             batch.signers[first + i]);
      }
    }
    if (message.fault)
      tell({.reason = api::to_string(*message.fault), .stream_sequence = message.stream_sequence},
           KeyId{});
    overloaded_ += overloaded;
    const char* const reply = batch.replies.c_str() + message.reply;
    if (overloaded > 0)
      ++deferred_;
    else
      acknowledge(reply);
  }

  void tell(const RefusalNotice& notice, const KeyId& signer) {
    ++refused_;
    if (options_.refused_prefix.empty()) return;
    publish(notice_subject(options_.refused_prefix, signer).c_str(), to_json(notice));
  }

  void acknowledge(const char* reply) {
    ++acknowledged_;
    publish(reply, "+ACK");
  }

  void publish(const char* subject, std::string_view text) {
    check(natsConnection_Publish(connection_, subject, text.data(), static_cast<int>(text.size())),
          "acknowledging");
  }

  natsConnection* connection_;
  const ConsumerOptions& options_;
  Counting& counting_;
  // Counted once for the whole batch.
  std::uint64_t accepted_ = 0;
  std::uint64_t duplicates_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t overloaded_ = 0;
  std::uint64_t acknowledged_ = 0;
  std::uint64_t deferred_ = 0;
};

}  // namespace

bool acknowledge(natsConnection* connection, const ConsumerOptions& options, const Batch& batch,
                 Counting& counting) {
  return Answering(connection, options, counting).answer(batch);
}

}  // namespace salus::node::nats
