// Inclusion paths in the form in which headers and receipts carry them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/bytes.h"
#include "engine/cbor_cursor.h"
#include "engine/cbor_writer.h"

namespace salus::node {

/// No tree that fits into 64 bits is deeper.
inline constexpr std::size_t kMaxPath = 64;

/// The tree head that a path leads to from leaf `index` of `size` (RFC 9162, 2.1.3.2); nothing
/// where the path does not have the length that this place has.
std::optional<Digest> root_of_path(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                                   std::span<const Digest> path);

/// [* bstr .size 32]
void write_path(CborWriter& writer, std::span<const Digest> path);
/// The cursor fails for anything else.
std::vector<Digest> read_path(CborCursor& cursor);

/// A byte string of 32 bytes; the cursor fails for anything else.
Digest read_digest(CborCursor& cursor);

}  // namespace salus::node
