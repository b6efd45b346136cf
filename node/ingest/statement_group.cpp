#include "node/ingest/statement_group.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include "node/chain/block.h"

namespace salus::node {
namespace {

/// Moves views of one piece of memory to a copy of it.
class Moved {
 public:
  Moved(Bytes from, const std::uint8_t* to) : from_(from.data()), to_(to) {}

  [[nodiscard]] Bytes operator()(Bytes view) const {
    if (view.empty()) return {};
    return {to_ + (view.data() - from_), view.size()};
  }
  [[nodiscard]] std::string_view operator()(std::string_view view) const {
    const Bytes moved = (*this)(as_bytes(view));
    return {reinterpret_cast<const char*>(moved.data()), moved.size()};
  }

 private:
  const std::uint8_t* from_;
  const std::uint8_t* to_;
};

Statement moved(const Statement& statement, const std::uint8_t* to) {
  const Moved view(statement.message, to);
  Statement out = statement;
  out.issuer = view(statement.issuer);
  out.subject = view(statement.subject);
  out.protected_header = view(statement.protected_header);
  out.payload = view(statement.payload);
  out.signature = view(statement.signature);
  out.message = view(statement.message);
  return out;
}

}  // namespace

StatementGroup::StatementGroup(std::span<const PendingStatement> statements) {
  std::size_t size = 0;
  for (const PendingStatement& pending : statements) size += pending.statement.message.size();
  bytes_.reserve(size);  // so that it does not move below
  statements_.reserve(statements.size());
  for (const auto& [statement, id] : statements) {
    const std::uint8_t* to = bytes_.data() + bytes_.size();
    bytes_.insert(bytes_.end(), statement.message.begin(), statement.message.end());
    statements_.push_back({moved(statement, to), id});
  }
}

std::vector<Bytes> StatementGroup::messages() const {
  std::vector<Bytes> messages;
  messages.reserve(size());
  for (const PendingStatement& pending : statements_) messages.push_back(pending.statement.message);
  return messages;
}

std::optional<std::size_t> StatementGroup::find(const Digest& id) const {
  const auto id_at = [this](std::uint32_t i) -> const Digest& { return statements_[i].id; };
  std::call_once(is_indexed_, [&] {
    std::vector<std::uint32_t> places(size());
    std::iota(places.begin(), places.end(), 0U);
    std::ranges::sort(places, {}, id_at);
    by_id_ = std::move(places);
  });
  const auto found = std::ranges::lower_bound(by_id_, id, {}, id_at);
  if (found == by_id_.end() || id_at(*found) != id) return std::nullopt;
  return *found;
}

std::size_t StatementGroup::memory_bytes() const {
  constexpr std::size_t kEach = sizeof(PendingStatement) + sizeof(std::uint32_t);
  return sizeof *this + bytes_.capacity() + statements_.capacity() * kEach;
}

std::vector<PendingStatement> statements_of_block(Bytes encoded, const BlockLimits& limits) {
  std::vector<PendingStatement> statements;
  const auto parsed = parse_block(encoded, limits);
  const auto* block = std::get_if<BlockView>(&parsed);
  if (block == nullptr) return statements;
  for (std::size_t i = 1; i < block->statements.size(); ++i) {
    const auto read = parse_statement(block->statements[i], limits.statement_bytes);
    if (const auto* statement = std::get_if<Statement>(&read))
      statements.push_back({*statement, statement_id(*statement)});
  }
  return statements;
}

}  // namespace salus::node
