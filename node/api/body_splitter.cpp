#include "node/api/body_splitter.h"

#include <cstdlib>
#include <limits>
#include <optional>
#include <utility>

#include "engine/cbor_cursor.h"

namespace salus::node::api {
namespace {

/// Messages that stand one behind the other.
struct Run {
  std::size_t begin = 0;               ///< Where the first one is in the body.
  std::optional<std::uint64_t> count;  ///< As an array claims; nothing for a sequence.
};

/// Nothing when the body does not begin with an item.
std::optional<Run> find_run(Bytes body) {
  CborCursor cursor(body);
  const CborHead outer = cursor.head();
  if (cursor.failed()) return std::nullopt;
  if (outer.major != CborMajor::array) return Run{};
  if (outer.argument == 0) return Run{body.size() - cursor.rest().size(), 0};
  const CborHead inner = cursor.peek();
  if (inner.major == CborMajor::byte_string) return Run{};
  return Run{body.size() - cursor.rest().size(), outer.argument};
}

/// The offsets behind each message, counted from the first one.
std::variant<std::vector<std::uint32_t>, BodyFault> find_ends(Bytes messages,
                                                              std::size_t max_statements) {
  std::vector<std::uint32_t> ends;
  CborCursor cursor(messages);
  while (!cursor.at_end()) {
    if (ends.size() == max_statements) return BodyFault::too_many_statements;
    cursor.item();
    if (cursor.failed()) return BodyFault::malformed;
    ends.push_back(static_cast<std::uint32_t>(messages.size() - cursor.rest().size()));
  }
  if (cursor.failed()) return BodyFault::malformed;
  return ends;
}

}  // namespace

std::string_view to_string(BodyFault fault) {
  switch (fault) {
    case BodyFault::empty: return "empty_body";
    case BodyFault::malformed: return "malformed_body";
    case BodyFault::too_many_statements: return "too_many_statements";
  }
  std::abort();  // not one of them: a number cast by mistake
}

std::variant<Submission, BodyFault> split_body(std::vector<std::uint8_t>&& body,
                                               std::size_t max_statements) {
  if (body.empty()) return BodyFault::empty;
  if (body.size() > std::numeric_limits<std::uint32_t>::max())
    return BodyFault::too_many_statements;
  const std::optional<Run> run = find_run(body);
  if (!run) return BodyFault::malformed;
  if (run->count && *run->count > max_statements) return BodyFault::too_many_statements;

  auto found = find_ends(Bytes(body).subspan(run->begin), max_statements);
  if (const auto* fault = std::get_if<BodyFault>(&found)) return *fault;
  auto& ends = std::get<std::vector<std::uint32_t>>(found);
  if (run->count && *run->count != ends.size()) return BodyFault::malformed;
  if (ends.empty()) return BodyFault::empty;

  Submission submission;
  submission.bytes = std::move(body);
  submission.bytes.erase(submission.bytes.begin(),
                         submission.bytes.begin() + static_cast<std::ptrdiff_t>(run->begin));
  submission.ends = std::move(ends);
  return submission;
}

}  // namespace salus::node::api
