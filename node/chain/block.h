// Blocks as bytes: [header: bstr .size 80, [* statement: bstr]] in deterministic CBOR.
//
// The header's Merkle root is the RFC 9162 tree head over the statements, so that with a header all
// of a block's bytes are given: there is no second encoding of a block.
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "engine/bytes.h"
#include "engine/pow/header.h"
#include "node/chain/block_fault.h"
#include "node/chain/chain_parameters.h"

namespace salus::node {

/// Views into the bytes that the block was read from, which must outlive it.
struct BlockView {
  pow::Header header;
  std::vector<Bytes> statements;  ///< The first one is the validator's.
  Bytes encoded;                  ///< All of it.

  [[nodiscard]] Bytes header_bytes() const;
};

/// Reads a block strictly: nothing behind it, every length and count compared with what is there
/// and with the limits before memory is asked for. Neither the header nor a statement is looked
/// into, except that statements have a byte at least. Pure.
std::variant<BlockView, FaultKind> parse_block(Bytes encoded, const BlockLimits& limits);

/// At most so many bytes `encode_block` gives for so many statements with these bytes in all.
std::size_t max_encoded_block_size(std::size_t statements, std::size_t statement_bytes);

/// How many bytes `encode_block` gives.
std::size_t encoded_block_size(std::span<const Bytes> statements);

std::vector<std::uint8_t> encode_block(const pow::Header& header,
                                       std::span<const Bytes> statements);

/// Writes another header into an encoded block: one that was mined.
void replace_header(std::span<std::uint8_t> encoded, const pow::Header& header);

}  // namespace salus::node
