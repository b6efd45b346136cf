#include "node/chain/block.h"

#include <algorithm>
#include <cassert>

#include "engine/cbor_cursor.h"
#include "engine/cbor_writer.h"

namespace salus::node {
namespace {

// An array of two, then a byte string of 80: one byte, and two.
constexpr std::size_t kHeaderOffset = 3;
constexpr std::size_t kMaxHeadBytes = 9;

/// Bytes of the head of an item with this argument (RFC 8949, 3).
constexpr std::size_t head_bytes(std::uint64_t argument) {
  if (argument < 24) return 1;
  if (argument <= 0xff) return 2;
  if (argument <= 0xffff) return 3;
  return argument <= 0xffffffff ? 5 : 9;
}

}  // namespace

Bytes BlockView::header_bytes() const { return encoded.subspan(kHeaderOffset, pow::kHeaderSize); }

std::variant<BlockView, FaultKind> parse_block(Bytes encoded, const BlockLimits& limits) {
  if (encoded.size() > limits.block_bytes) return FaultKind::oversize;
  CborCursor cursor(encoded);
  if (cursor.array() != 2) return FaultKind::malformed;
  const Bytes header = cursor.byte_string();
  const std::uint64_t count = cursor.array();
  if (cursor.failed() || header.size() != pow::kHeaderSize) return FaultKind::malformed;
  if (count > cursor.rest().size()) return FaultKind::malformed;
  if (count == 0) return cursor.at_end() ? FaultKind::no_statements : FaultKind::malformed;
  if (count > limits.statements) return FaultKind::too_many_statements;

  BlockView block{pow::parse_header(header.first<pow::kHeaderSize>()), {}, encoded};
  block.statements.reserve(count);
  for (std::uint64_t i = 0; i < count && !cursor.failed(); ++i)
    block.statements.push_back(cursor.byte_string());
  if (!cursor.finished()) return FaultKind::malformed;
  if (std::ranges::any_of(block.statements, &Bytes::empty)) return FaultKind::malformed;
  return block;
}

std::size_t max_encoded_block_size(std::size_t statements, std::size_t statement_bytes) {
  return kHeaderOffset + pow::kHeaderSize + kMaxHeadBytes + statements * kMaxHeadBytes +
         statement_bytes;
}

std::size_t encoded_block_size(std::span<const Bytes> statements) {
  std::size_t bytes = kHeaderOffset + pow::kHeaderSize + head_bytes(statements.size());
  for (const Bytes statement : statements) bytes += head_bytes(statement.size()) + statement.size();
  return bytes;
}

std::vector<std::uint8_t> encode_block(const pow::Header& header,
                                       std::span<const Bytes> statements) {
  std::size_t bytes = 0;
  for (const Bytes statement : statements) bytes += statement.size();
  std::vector<std::uint8_t> out;
  out.reserve(max_encoded_block_size(statements.size(), bytes));
  CborWriter writer(out);
  writer.array(2);
  writer.byte_string(pow::serialise(header));
  writer.array(statements.size());
  for (const Bytes statement : statements) writer.byte_string(statement);
  return out;
}

void replace_header(std::span<std::uint8_t> encoded, const pow::Header& header) {
  assert(encoded.size() >= kHeaderOffset + pow::kHeaderSize);
  std::ranges::copy(pow::serialise(header),
                    encoded.begin() + static_cast<std::ptrdiff_t>(kHeaderOffset));
}

}  // namespace salus::node
