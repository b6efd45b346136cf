// Bitcoin blocks and transactions, taken apart as far as their ids need.
//
// All bytes are hostile: every count is bounded by the bytes that are there, nothing is allocated
// on the word of a count, and nothing has two serialisations.
#pragma once

#include <vector>

#include "engine/bitcoin/byte_reader.h"
#include "engine/bytes.h"
#include "engine/pow/header.h"

namespace salus::bitcoin {

/// The largest serialised block that Bitcoin's rules allow (BIP 141: 4,000,000 weight units, of
/// which a byte is at least one).
inline constexpr std::size_t kMaxBlockSize = 4'000'000;
/// A transaction with one input, one output and no scripts.
inline constexpr std::size_t kLeastTransactionSize = 60;
/// Header, transaction count and one such transaction.
inline constexpr std::size_t kLeastBlockSize = pow::kHeaderSize + 1 + kLeastTransactionSize;

/// Views into a transaction's bytes.
struct Transaction {
  Bytes bytes;               ///< All of it, as serialised.
  Bytes body;                ///< From the input count to the last output.
  bool has_witness = false;  ///< Serialised with witnesses (BIP 144).
  bool is_coinbase = false;  ///< Its only input spends nothing.

  /// Bytes that the transaction's id is the SHA-256d of: without marker, flag and witnesses.
  [[nodiscard]] std::size_t stripped_size() const {
    return has_witness ? 8 + body.size() : bytes.size();
  }
  /// Appends those bytes.
  void append_stripped(std::vector<std::uint8_t>& out) const;
};

/// Takes one transaction. Throws `Error` (input) for bytes that are none.
Transaction read_transaction(ByteReader& reader);

/// Views into a block's bytes.
struct Block {
  pow::Header header;
  std::vector<Transaction> transactions;  ///< At least one.
  std::size_t size = 0;                   ///< Bytes that the block takes.
};

/// The block at the front of `bytes`; what follows it is left alone. Throws `Error` (input) for
/// bytes that are no block, naming the transaction.
Block read_block(Bytes bytes);

}  // namespace salus::bitcoin
