#include "trial/proof/shown_record.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "trial/records/record_reader.h"

namespace salus::trial {
namespace {

std::vector<Cell> shown_cells(const RecordProof& proof) {
  std::vector<Cell> out;
  for (const auto& cell : proof.cells)
    if (const auto* shown = std::get_if<ShownCell>(&cell))
      out.push_back({shown->name, shown->value});
  return out;
}

bool has_all(std::span<const Cell> record, const std::vector<Cell>& shown) {
  return std::ranges::all_of(shown, [record](const Cell& cell) {
    return std::ranges::find(record, cell) != record.end();
  });
}

}  // namespace

RecordMatch find_shown(files::Descriptor file, const std::string& canonical_form,
                       const std::string& name, const RecordProof& proof) {
  const std::vector<Cell> shown = shown_cells(proof);
  const auto reader = open_records(canonical_form, std::move(file), name);
  RecordBatch batch;
  while (reader->next(batch)) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const std::span<const Cell> record = batch.record(i);
      if (has_all(record, shown)) return {true, batch.first + i, record.size() - shown.size()};
    }
  }
  return {};
}

}  // namespace salus::trial
