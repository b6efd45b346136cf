// How payloads of our own types are read: maps with ascending small labels, nothing unknown.
#pragma once

#include <string>

#include "engine/cbor_cursor.h"
#include "node/statement/key_id.h"

namespace salus::node {

/// Reads the one map that a payload is. Fields are asked for in the order of their labels, so that
/// another order, a label twice and a label that nobody asked for all end in a payload that is not
/// `finished`. After a failure every read gives nothing of worth; look once, at the end.
class PayloadReader {
 public:
  explicit PayloadReader(Bytes payload) : cursor_(payload), pairs_left_(cursor_.map()) {}

  /// The value of a pair that must come next.
  std::uint64_t number(std::uint64_t label);
  Digest digest(std::uint64_t label);
  KeyId key_id(std::uint64_t label);
  /// A COSE_Key in the one form that `encode_cose_key` writes.
  PublicKey key(std::uint64_t label);
  /// Plain text of 1 to `max_bytes` bytes.
  std::string text(std::uint64_t label, std::size_t max_bytes);
  /// The same, empty where the next pair has another label.
  std::string optional_text(std::uint64_t label, std::size_t max_bytes);

  /// Marks the payload as malformed.
  void fail() { cursor_.fail(CborCursor::Problem::other_type); }

  /// Whether all was there, and nothing else.
  [[nodiscard]] bool finished() const { return pairs_left_ == 0 && cursor_.finished(); }

 private:
  [[nodiscard]] bool is_next(std::uint64_t label) const;
  /// Passes the label of the next pair, which must be this one.
  void require(std::uint64_t label);

  CborCursor cursor_;
  std::uint64_t pairs_left_;
};

}  // namespace salus::node
