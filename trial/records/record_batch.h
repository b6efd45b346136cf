// Records as every format's reader gives them: named values, already in the text of the canonical
// form.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace salus::trial {

/// One variable of one record. A value that is missing is empty text unless the canonical form
/// tells the two apart.
struct Cell {
  std::string_view name;
  std::string_view value;

  friend bool operator==(const Cell&, const Cell&) = default;
};

/// Some records in a row of one file. Memory is used again from batch to batch.
///
/// Several batches of one reader are in use at once, on several threads: values lie in the batch's
/// own `text` (or live as long as the reader does), names there or in the reader.
struct RecordBatch {
  /// `offset` where the reader cannot begin there.
  static constexpr std::uint64_t kNoOffset = std::numeric_limits<std::uint64_t>::max();

  std::uint64_t first = 0;           ///< Index of the first record in its file, from 0.
  std::uint64_t offset = kNoOffset;  ///< Where in the file it begins; for `RecordReader::resume`.
  std::string dataset;               ///< Which dataset they are of, "AE"; empty where not told.
  std::vector<Cell> cells;           ///< Of all records, one after the other.
  std::vector<std::uint32_t> ends;   ///< For each record, where its cells end.
  std::vector<char> text;            ///< What views of `cells` point to; not for others to read.

  [[nodiscard]] std::size_t size() const { return ends.size(); }
  [[nodiscard]] std::span<const Cell> record(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return std::span(cells).subspan(begin, ends[i] - begin);
  }
  void clear() {
    offset = kNoOffset;
    dataset.clear();
    cells.clear();
    ends.clear();
    text.clear();
  }
};

}  // namespace salus::trial
