// The heads of CBOR data items (RFC 8949), read strictly, for small structures of known shape.
#pragma once

#include "engine/bytes.h"
#include "engine/cbor_cursor.h"

namespace salus {

/// `CborCursor` for whom bad bytes end the job: throws `Error` (input) for whatever the cursor does
/// not take. Copy it to look ahead.
class CborReader {
 public:
  using Major = CborMajor;
  using Head = CborHead;

  explicit CborReader(Bytes bytes) : cursor_(bytes) {}

  [[nodiscard]] bool at_end() const { return cursor_.at_end(); }

  /// The next item's head; what a string holds follows by `take`.
  Head head();

  /// The next `size` bytes.
  Bytes take(std::uint64_t size);

  /// The whole of a byte string; throws when the next item is something else.
  Bytes byte_string();

  /// An integer of either sign that fits; throws when the next item is something else.
  std::int64_t integer();

  /// Passes over one item with everything in it, nested at most `kMaxDepth` deep.
  void skip();

  static constexpr unsigned kMaxDepth = CborCursor::kMaxDepth;

 private:
  /// `value`, unless the cursor failed to get it.
  template <typename T>
  T checked(T value) const;

  CborCursor cursor_;
};

}  // namespace salus
