#include "node/chain/parsed_statements.h"

#include <algorithm>
#include <cassert>

#include "node/chain/parallel.h"
#include "node/state/rules.h"

namespace salus::node {
namespace {

/// Fewer are parsed faster than a thread starts.
constexpr std::size_t kLeastPerThread = 512;

}  // namespace

void ParsedStatements::parse(std::span<const Bytes> messages, std::size_t max_statement_bytes,
                             engine::Engine& engine, unsigned threads) {
  const std::size_t count = messages.size();
  // Never smaller than before: what is there is written over without being made anew.
  statements_.resize(std::max(statements_.size(), count));
  signed_bytes_.resize(std::max(signed_bytes_.size(), count));
  ids_.resize(std::max(ids_.size(), count));
  const std::size_t parts =
      std::clamp<std::size_t>(count / kLeastPerThread, 1, std::max(1U, threads));
  parts_.resize(std::max(parts_.size(), parts));
  for_parts(count, parts, [&](std::size_t part, std::size_t first, std::size_t end) {
    parse_part(parts_[part], messages, first, end, max_statement_bytes);
  });

  fault_.reset();
  for (std::size_t part = 0; part < parts && !fault_; ++part) fault_ = parts_[part].fault;
  count_ = fault_ ? fault_->index : count;
  if (count_ == 0) return;
  engine.hash_many(engine::MessageView::scattered(signed_bytes()), std::span(ids_).first(count_));
}

/// Parses from `first` on, up to a fault.
void ParsedStatements::parse_part(Part& part, std::span<const Bytes> messages, std::size_t first,
                                  std::size_t end, std::size_t max_statement_bytes) {
  part.fault.reset();
  part.arena.clear();
  // A message holds all that is signed, and the signature: views of the arena stay where they are.
  std::size_t bytes = 0;
  for (std::size_t i = first; i < end; ++i) bytes += messages[i].size();
  part.arena.reserve(bytes);
  for (std::size_t i = first; i < end; ++i) {
    if (const auto refusal = parse_one(i, messages[i], max_statement_bytes)) {
      part.fault = Fault{i, *refusal};
      return;
    }
    const std::size_t begin = part.arena.size();
    append_signed_bytes(statements_[i], part.arena);
    assert(part.arena.size() <= bytes);
    signed_bytes_[i] = Bytes(part.arena).subspan(begin);
  }
}

std::optional<Refusal> ParsedStatements::parse_one(std::size_t i, Bytes message,
                                                   std::size_t max_statement_bytes) {
  const auto parsed = parse_statement(message, max_statement_bytes);
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) return *refusal;
  statements_[i] = std::get<Statement>(parsed);
  return check_payload(statements_[i]);
}

}  // namespace salus::node
