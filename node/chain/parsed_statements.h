// The statements of a block, taken apart, with their ids.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/engine.h"
#include "node/statement/refusal.h"
#include "node/statement/statement.h"

namespace salus::node {

/// Memory is kept and used again for the next block. One thread at a time.
class ParsedStatements {
 public:
  /// A statement that is not of a form that any chain takes.
  struct Fault {
    std::size_t index;
    Refusal refusal;
  };

  /// Parses `messages` with `threads` threads, up to the first one that is refused, and has the
  /// engine hash those before it. Throws what `Engine::hash_many` throws.
  void parse(std::span<const Bytes> messages, std::size_t max_statement_bytes,
             engine::Engine& engine, unsigned threads);

  /// Statements before the first fault.
  [[nodiscard]] std::span<const Statement> statements() const {
    return std::span(statements_).first(count_);
  }
  [[nodiscard]] std::span<const Digest> ids() const { return std::span(ids_).first(count_); }
  /// The bytes that each signature is over.
  [[nodiscard]] std::span<const Bytes> signed_bytes() const {
    return std::span(signed_bytes_).first(count_);
  }
  [[nodiscard]] const std::optional<Fault>& fault() const { return fault_; }

 private:
  /// What one thread works on.
  struct Part {
    std::vector<std::uint8_t> arena;  ///< Sig_structures, one after the other.
    std::optional<Fault> fault;
  };

  void parse_part(Part& part, std::span<const Bytes> messages, std::size_t first, std::size_t end,
                  std::size_t max_statement_bytes);
  std::optional<Refusal> parse_one(std::size_t i, Bytes message, std::size_t max_statement_bytes);

  std::vector<Part> parts_;
  std::vector<Statement> statements_;
  std::vector<Bytes> signed_bytes_;
  std::vector<Digest> ids_;
  std::size_t count_ = 0;
  std::optional<Fault> fault_;
};

}  // namespace salus::node
