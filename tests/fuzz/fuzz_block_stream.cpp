// Any bytes as a stream of blocks, in pieces of a few bytes and as a whole: both give the same
// blocks, which lie in the input one after the other.
#include <algorithm>
#include <vector>

#include "engine/error.h"
#include "node/chain/block_stream.h"
#include "tests/fuzz/require.h"
#include "tests/support/trickle.h"

namespace {

using namespace salus;
using namespace salus::node;

using Blocks = std::vector<std::vector<std::uint8_t>>;

using salus::fuzz::require;

BlockLimits small_limits() {
  BlockLimits limits;
  limits.block_bytes = 4096;
  limits.statement_bytes = 1024;
  limits.statements = 16;
  return limits;
}

/// The blocks before the end, or before what is none.
Blocks read_all(Bytes bytes, std::size_t piece) {
  test::Trickle source(bytes, piece);
  BlockStreamReader reader(source, small_limits());
  Blocks blocks;
  try {
    while (const auto block = reader.next()) {
      require(reader.index() == blocks.size());
      require(reader.bytes() <= bytes.size() && block->size() <= reader.bytes());
      require(
          std::ranges::equal(*block, bytes.subspan(reader.bytes() - block->size(), block->size())));
      blocks.emplace_back(block->begin(), block->end());
    }
    require(blocks.empty() ? bytes.empty() : reader.bytes() == bytes.size());
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::input);
  }
  return blocks;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  require(read_all(bytes, size + 1) == read_all(bytes, 7));
  return 0;
}
