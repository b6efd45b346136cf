// Records as every format's reader gives them: named values, already in the text of the canonical
// form.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace salus::trial {

/// One variable of one record. Both views belong to the reader or to its batch, and are valid until
/// the batch is filled again. A value that is missing is empty text unless the canonical form tells
/// the two apart.
struct Cell {
  std::string_view name;
  std::string_view value;

  friend bool operator==(const Cell&, const Cell&) = default;
};

/// Some records in a row of one file. Memory is used again from batch to batch.
struct RecordBatch {
  std::uint64_t first = 0;          ///< Index of the first record in its file, from 0.
  std::vector<Cell> cells;          ///< Of all records, one after the other.
  std::vector<std::uint32_t> ends;  ///< For each record, where its cells end.

  [[nodiscard]] std::size_t size() const { return ends.size(); }
  [[nodiscard]] std::span<const Cell> record(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return std::span(cells).subspan(begin, ends[i] - begin);
  }
  void clear() {
    cells.clear();
    ends.clear();
  }
};

}  // namespace salus::trial
