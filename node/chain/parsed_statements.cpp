#include "node/chain/parsed_statements.h"

#include <algorithm>

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
  for (std::size_t i = first; i < end && !part.fault; ++i) {
    const auto parsed = parse_statement(messages[i], max_statement_bytes);
    if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
      part.fault = Fault{i, *refusal};
      end = i;
      break;
    }
    statements_[i] = std::get<Statement>(parsed);
    if (const auto refusal = check_payload(statements_[i])) {
      part.fault = Fault{i, *refusal};
      end = i;
    }
  }
  reserve_arena(part, first, end);
  for (std::size_t i = first; i < end; ++i) {
    const std::size_t begin = part.arena.size();
    append_signed_bytes(statements_[i], part.arena);
    signed_bytes_[i] = Bytes(part.arena).subspan(begin);
  }
}

/// Views into the arena must stay where they are while it fills.
void ParsedStatements::reserve_arena(Part& part, std::size_t first, std::size_t end) const {
  std::size_t bytes = 0;
  for (std::size_t i = first; i < end; ++i) bytes += signed_bytes_size(statements_[i]);
  part.arena.clear();
  part.arena.reserve(bytes);
}

}  // namespace salus::node
