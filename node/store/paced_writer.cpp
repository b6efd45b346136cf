#include "node/store/paced_writer.h"

#include <algorithm>

namespace salus::node {
namespace {

/// About what a disk takes in the time of one sync.
constexpr std::size_t kLeastBytes = std::size_t{1} << 20;
/// Beyond, pieces are longer: a block must not take longer to store than the next one to come.
constexpr std::size_t kMostPieces = 32;

}  // namespace

PacedWriter::PacedWriter(Database& database, std::size_t bytes)
    : database_(database),
      piece_bytes_(std::max(kLeastBytes, bytes / kMostPieces)),
      piece_(piece_bytes_ + piece_bytes_ / 4) {}

void PacedWriter::put(Column column, const rocksdb::Slice& key,
                      std::span<const rocksdb::Slice> value_parts) {
  database_.check(piece_.Put(database_.column(column), {&key, 1},
                             {value_parts.data(), static_cast<int>(value_parts.size())}),
                  "write to");
  if (piece_.GetDataSize() < piece_bytes_) return;
  database_.write(piece_, true);
  piece_.Clear();
}

void PacedWriter::finish() {
  database_.write(piece_, false);
  piece_.Clear();
}

}  // namespace salus::node
