// Any bytes as the body of a POST: cut into messages, each well-formed by itself, which put back
// together are the body.
#include <algorithm>
#include <vector>

#include "engine/cbor_cursor.h"
#include "node/api/body_splitter.h"
#include "tests/fuzz/require.h"

namespace {

using namespace salus;
using Body = std::vector<std::uint8_t>;

constexpr std::size_t kMaxStatements = 64;

using salus::fuzz::require;

void check_messages(const node::Submission& submission, const Body& body) {
  require(submission.size() > 0 && submission.size() <= kMaxStatements);
  require(submission.ends.back() == submission.bytes.size() && !submission.done);
  // Only the head of an array may be missing.
  require(submission.bytes.size() <= body.size());
  require(std::equal(submission.bytes.rbegin(), submission.bytes.rend(), body.rbegin()));
  for (std::size_t i = 0; i < submission.size(); ++i) {
    CborCursor cursor(submission.message(i));
    cursor.item();
    require(cursor.finished());
  }
}

/// Each of several messages alone is a body of one, with the same message.
void check_parts(const node::Submission& submission) {
  for (std::size_t i = 0; i < submission.size(); ++i) {
    const Bytes message = submission.message(i);
    if (CborCursor(message).head().major == CborMajor::array) continue;  // it would be cut again
    auto again = node::api::split_body(Body(message.begin(), message.end()), kMaxStatements);
    const auto& one = std::get<node::Submission>(again);
    require(one.size() == 1 && std::equal(message.begin(), message.end(), one.bytes.begin()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Body body(data, data + size);
  auto split = node::api::split_body(Body(body), kMaxStatements);
  if (const auto* submission = std::get_if<node::Submission>(&split)) {
    check_messages(*submission, body);
    check_parts(*submission);
  }
  return 0;
}
