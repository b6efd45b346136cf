// Any bytes as a block file: read in pieces, cut into records, each taken apart.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "engine/bitcoin/block.h"
#include "engine/bitcoin/block_reader.h"
#include "engine/bitcoin/hex_source.h"
#include "engine/error.h"
#include "tests/fuzz/require.h"
#include "tests/support/trickle.h"

namespace {

using namespace salus;

using salus::fuzz::require;

/// So that everything is cut somewhere.
constexpr std::size_t kPiece = 61;

/// A block's parts lie side by side and make up the whole: it has one serialisation.
void check_parts(const bitcoin::Block& block, Bytes bytes) {
  std::size_t size = 0;
  const std::uint8_t* next = nullptr;
  for (const bitcoin::Transaction& transaction : block.transactions) {
    require(next == nullptr || transaction.bytes.data() == next);
    next = transaction.bytes.data() + transaction.bytes.size();
    size += transaction.bytes.size();
    std::vector<std::uint8_t> stripped;
    transaction.append_stripped(stripped);
    require(stripped.size() == transaction.stripped_size());
    require(stripped.size() <= transaction.bytes.size());
  }
  require(!block.transactions.empty() && block.size <= bytes.size());
  require(next == bytes.data() + block.size && size + pow::kHeaderSize < block.size);
}

void take_apart(const bitcoin::Record& record) {
  require(record.fault.empty() || record.bytes.empty());
  try {
    check_parts(bitcoin::read_block(record.bytes), record.bytes);
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::input);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    bitcoin::HexOrBinarySource source(std::make_unique<test::Trickle>(Bytes(data, size), kPiece));
    bitcoin::BlockReader reader(source);
    std::uint64_t records = 0;
    for (auto batch = reader.next_batch(); !batch.empty(); batch = reader.next_batch())
      for (const bitcoin::Record& record : batch) {
        require(record.index == records++);
        take_apart(record);
      }
    require(reader.bytes_read() <= size);
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::input);
  }
  return 0;
}
