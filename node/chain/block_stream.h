// Blocks one after the other: a CBOR sequence (RFC 8742) of their encodings, whose media type is
// application/vnd.salus.blocks+cbor-seq.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/byte_source.h"
#include "engine/cbor_cursor.h"
#include "node/chain/chain_parameters.h"

namespace salus::node {

inline constexpr const char* kBlockStreamMediaType = "application/vnd.salus.blocks+cbor-seq";

/// Finds where blocks begin and end in bytes that arrive piece by piece. Holds one block at most,
/// of the size that the chain permits, and what was read ahead. One thread at a time.
class BlockStreamReader {
 public:
  /// The source outlives the reader.
  BlockStreamReader(ByteSource& source, const BlockLimits& limits)
      : source_(source), limits_(limits) {}

  /// The next block's bytes, good until the next call; nothing at the end of the stream. Of what
  /// they hold only lengths and counts have been looked at. Throws `Error` (input), naming the
  /// block by its index in the stream and by its offset, where the stream ends within a block, and
  /// where it holds something that is no block of the form and size that the chain permits.
  std::optional<Bytes> next();

  /// Of the block that `next` returned last.
  [[nodiscard]] std::uint64_t index() const { return blocks_ - 1; }
  [[nodiscard]] std::uint64_t statements() const { return statements_; }
  /// Bytes of all blocks that `next` returned.
  [[nodiscard]] std::uint64_t bytes() const { return offset_ + size_; }

 private:
  /// Makes `size` bytes of the block that is being read available; throws at the end of the source.
  void require(std::size_t size);
  /// The same, but says whether they are there.
  bool fill(std::size_t size);
  /// A head of this kind at the end of what was read of the block, which gets longer by it.
  std::uint64_t head(CborMajor major);
  /// Passes over bytes at the end of what was read of the block.
  void pass(std::uint64_t size);
  [[noreturn]] void fail(const char* problem) const;

  ByteSource& source_;
  BlockLimits limits_;
  std::vector<std::uint8_t> buffer_;
  std::size_t begin_ = 0;     // in the buffer: of the block
  std::size_t end_ = 0;       // in the buffer: of what was read from the source
  std::size_t size_ = 0;      // of the block, as far as it was looked at
  std::uint64_t offset_ = 0;  // in the stream: of the block
  std::uint64_t blocks_ = 0;
  std::uint64_t statements_ = 0;
};

}  // namespace salus::node
