#include "trial/records/difference/cell_differences.h"

#include <algorithm>
#include <cstring>

namespace salus::trial {

CellDifferences::CellDifferences(const RecordIndex& index, const FileKey& key,
                                 std::vector<Layout> layouts)
    : index_(index), key_(key), layouts_(std::move(layouts)) {}

CellDifferences::SealedRecord CellDifferences::read(std::uint64_t sealed) {
  const std::uint64_t block = sealed / RecordIndex::kBlockRecords;
  if (block_ != block) {
    block_.reset();
    index_.read_cells(block, cells_);
    begins_.assign(1, 0);
    for (const std::uint32_t count : cells_.counts) begins_.push_back(begins_.back() + count);
    block_ = block;
  }
  const std::size_t place = sealed % RecordIndex::kBlockRecords;
  const std::uint32_t layout = cells_.layouts[place];
  SealedRecord out;
  out.digests = std::span(cells_.digests).subspan(begins_[place], cells_.counts[place]);
  if (layout < layouts_.size() && layouts_[layout].size() == out.digests.size())
    out.names = &layouts_[layout];
  return out;
}

/// The salt of a cell depends on its place in the sealed record.
bool CellDifferences::is_equal(const Cell& cell, std::uint64_t sealed, std::size_t place,
                               std::uint64_t digest) const {
  const Digest now = cell_digest(key_.cell_salt(sealed, static_cast<std::uint32_t>(place)), cell);
  return std::memcmp(now.data(), &digest, sizeof digest) == 0;
}

std::vector<CellDifference> CellDifferences::of(std::span<const Cell> record,
                                                std::uint64_t sealed) {
  const SealedRecord was = read(sealed);
  std::vector<CellDifference> out;
  std::vector<bool> seen(was.digests.size());
  // The sealed cell of a name: in the same place, or the first of that name that is not taken yet.
  const auto place_of = [&](std::size_t here, std::string_view name) -> std::size_t {
    const auto is_it = [&](std::size_t place) {
      return !seen[place] && (was.names == nullptr ? place == here : (*was.names)[place] == name);
    };
    if (here < seen.size() && is_it(here)) return here;
    std::size_t place = 0;
    while (place < seen.size() && !is_it(place)) ++place;
    return place;
  };
  for (std::size_t i = 0; i < record.size(); ++i) {
    const std::size_t place = place_of(i, record[i].name);
    if (place == seen.size()) {
      out.push_back({std::string(record[i].name), Place::Change::added});
      continue;
    }
    seen[place] = true;
    if (!is_equal(record[i], sealed, place, was.digests[place]))
      out.push_back({std::string(record[i].name), Place::Change::changed});
  }
  for (std::size_t place = 0; place < seen.size(); ++place)
    if (!seen[place])
      out.push_back(
          {was.names != nullptr ? (*was.names)[place] : "variable " + std::to_string(place + 1),
           Place::Change::removed});
  return out;
}

}  // namespace salus::trial
