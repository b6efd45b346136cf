// Which variables of a record are not as they were sealed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "trial/records/commitment.h"
#include "trial/records/layouts.h"
#include "trial/records/record_batch.h"
#include "trial/records/record_index.h"
#include "trial/verify/finding.h"

namespace salus::trial {

struct CellDifference {
  std::string variable;
  Place::Change change = Place::Change::changed;
};

/// For an index with cells; remembers the block that was read last. Both outlive it.
class CellDifferences {
 public:
  /// `layouts` are those of the index, opened.
  CellDifferences(const RecordIndex& index, const FileKey& key, std::vector<Layout> layouts);

  /// Of `record` against the sealed one of that number: changed and added variables in the order of
  /// the record, then removed ones. None where only the order of variables is another.
  std::vector<CellDifference> of(std::span<const Cell> record, std::uint64_t sealed);

 private:
  struct SealedRecord {
    const Layout* names = nullptr;  // nothing where they are not kept
    std::span<const std::uint64_t> digests;
  };

  SealedRecord read(std::uint64_t sealed);
  [[nodiscard]] bool is_equal(const Cell& cell, std::uint64_t sealed, std::size_t place,
                              std::uint64_t digest) const;

  const RecordIndex& index_;
  const FileKey& key_;
  std::vector<Layout> layouts_;
  std::optional<std::uint64_t> block_;
  IndexCells cells_;
  std::vector<std::size_t> begins_;  // of each record's digests
};

}  // namespace salus::trial
