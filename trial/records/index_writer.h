// Writes a record index from front to back.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/bytes.h"
#include "engine/cpu/block_hasher.h"
#include "trial/records/layouts.h"

namespace salus::trial {

/// What an index takes of some records in a row. With cells, `layouts` and `cell_counts` have one
/// element for each record, and `cells` that many of each; without, they are empty.
struct IndexedRecords {
  std::span<const Digest> leaves;
  std::span<const std::uint64_t> contents;
  std::span<const std::uint64_t> keys;
  std::span<const std::uint32_t> layouts = {};
  std::span<const std::uint32_t> cell_counts = {};
  std::span<const std::uint64_t> cells = {};
};

/// One thread at a time.
class IndexWriter {
 public:
  /// Writes to `descriptor`, which stays the caller's. `hasher` outlives the writer.
  IndexWriter(int descriptor, bool has_cells, const engine::cpu::BlockHasher& hasher);
  ~IndexWriter();
  IndexWriter(const IndexWriter&) = delete;
  IndexWriter& operator=(const IndexWriter&) = delete;

  /// Throws `Error` (system) when they cannot be written.
  void add(IndexedRecords records);

  /// A reader can begin at this record, the next that is added.
  void add_restart(std::uint64_t offset);

  [[nodiscard]] std::uint64_t records() const { return records_; }

  /// Writes the rest; the root of the tree. `sealed_layouts` as `seal_layouts` made them.
  Digest finish(Bytes sealed_layouts);

 private:
  struct Output;

  std::size_t take(IndexedRecords& records);
  void end_block();

  std::unique_ptr<Output> output_;
  bool has_cells_;
  const engine::cpu::BlockHasher& hasher_;
  std::uint64_t records_ = 0;
  // The block that is being filled:
  std::vector<Digest> leaves_;
  std::vector<std::uint64_t> contents_;
  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> layouts_;
  std::vector<std::uint32_t> cell_counts_;
  std::vector<std::uint64_t> cells_;

  std::vector<std::uint64_t> restarts_;   // record and offset by turns
  std::vector<std::uint64_t> positions_;  // of blocks, with their cells by turns
  std::vector<Digest> roots_;
};

}  // namespace salus::trial
