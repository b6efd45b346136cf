// Inclusion paths in the form in which headers and receipts carry them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/bytes.h"
#include "engine/cbor_cursor.h"
#include "engine/cbor_writer.h"

namespace salus::node {

/// No tree that fits into 64 bits is deeper.
inline constexpr std::size_t kMaxPath = 64;

/// [* bstr .size 32]
void write_path(CborWriter& writer, std::span<const Digest> path);
/// The cursor fails for anything else.
std::vector<Digest> read_path(CborCursor& cursor);

/// A byte string of 32 bytes; the cursor fails for anything else.
Digest read_digest(CborCursor& cursor);

}  // namespace salus::node
