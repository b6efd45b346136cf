// Any bytes as what an MQTT client sends: in one piece, and byte by byte. Both give the same, the
// sink gets nothing that was not sent, and acknowledgements are as many as publishes that want one.
#include <algorithm>
#include <memory>
#include <vector>

#include "node/mqtt/session.h"
#include "tests/fuzz/require.h"

namespace {

using namespace salus;
using namespace salus::node;
using namespace salus::node::mqtt;

using salus::fuzz::require;

class Host : public SessionHost {
 public:
  ConnectCode admit(const Connect& connect, std::string& client_id) override {
    if (client_id.empty()) client_id = "made";
    return connect.password ? ConnectCode::bad_credentials : ConnectCode::accepted;
  }
  void await_receipt(const Digest&) override {}
};

/// What a session made of the input.
struct Result {
  std::vector<std::uint8_t> submitted;
  SessionTally tally;
  std::size_t used = 0;
  CloseReason reason = CloseReason::none;
};

SessionLimits small_limits() {
  SessionLimits limits;
  limits.max_statement_bytes = 64;
  limits.max_topic_bytes = 32;
  limits.max_in_flight = 8;
  return limits;
}

void answer(Session& session, Result& result) {
  const std::shared_ptr<Batch> batch = session.take_batch();
  if (batch) {
    const std::vector<std::uint8_t>& bytes = batch->submission.bytes;
    result.submitted.insert(result.submitted.end(), bytes.begin(), bytes.end());
    batch->outcomes.assign(batch->submission.size(), Outcome{{}, Refusal::malformed});
    batch->is_answered = true;
  }
  session.settle();
  require(session.in_flight() == 0);
}

Result run(Bytes input, std::size_t piece) {
  const SessionLimits limits = small_limits();
  Host host;
  Session session(limits, host);
  Result result;
  for (std::size_t end = std::min(piece, input.size()); session.is_open();) {
    const std::size_t used = session.receive(input.subspan(result.used, end - result.used));
    require(used <= end - result.used);
    result.used += used;
    answer(session, result);
    if (used > 0) continue;
    if (end == input.size()) break;
    end = std::min(end + piece, input.size());
  }
  result.tally = session.take_tally();
  result.reason = session.close_reason();
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  const Result whole = run(input, std::max<std::size_t>(size, 1));
  require(whole.submitted.size() <= size);
  const Result trickle = run(input, 1);
  require(trickle.reason == whole.reason);
  require(trickle.submitted == whole.submitted);
  require(trickle.tally.publishes == whole.tally.publishes);
  require(trickle.tally.acknowledged == whole.tally.acknowledged);
  require(trickle.tally.refused == whole.tally.refused);
  return 0;
}
