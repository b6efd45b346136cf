// Many rows, written and synced a piece at a time.
#pragma once

#include <rocksdb/write_batch.h>

#include <cstddef>
#include <span>

#include "node/store/database.h"

namespace salus::node {

/// For what nobody finds before a later write leads to it, so that it need not be there as a whole.
/// A large write that is synced at once fills the disk's queue for as long as it takes, and the
/// intake's log, on the same disk, waits behind it with every answer to a device.
class PacedWriter {
 public:
  /// `bytes` is about what will be written.
  PacedWriter(Database& database, std::size_t bytes);

  void put(Column column, const rocksdb::Slice& key, std::span<const rocksdb::Slice> value_parts);
  /// Writes what is left. Not synced: the write that leads to these rows is.
  void finish();

 private:
  Database& database_;
  const std::size_t piece_bytes_;
  rocksdb::WriteBatch piece_;
};

}  // namespace salus::node
