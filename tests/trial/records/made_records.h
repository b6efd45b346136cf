// Batches of made-up records, for tests that need many.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "trial/records/record_batch.h"

namespace salus::test {

using Names = std::vector<std::string>;
using Values = std::vector<std::vector<std::string>>;

/// A batch of records that all have these names, which must outlive it.
inline trial::RecordBatch batch_of(const Names& names, const Values& records,
                                   std::uint64_t first = 0) {
  trial::RecordBatch batch;
  batch.first = first;
  std::size_t bytes = 0;
  for (const auto& record : records)
    for (const std::string& value : record) bytes += value.size();
  batch.text.reserve(bytes);
  for (const auto& record : records) {
    for (std::size_t i = 0; i < record.size(); ++i) {
      const std::size_t at = batch.text.size();
      batch.text.insert(batch.text.end(), record[i].begin(), record[i].end());
      batch.cells.push_back({names[i], {batch.text.data() + at, record[i].size()}});
    }
    batch.ends.push_back(static_cast<std::uint32_t>(batch.cells.size()));
  }
  return batch;
}

/// Records with up to `names.size()` values of 0 to `longest` bytes each, some not UTF-8.
inline Values random_records(const Names& names, std::size_t count, std::size_t longest,
                             std::uint32_t seed) {
  std::mt19937 random(seed);
  Values records(count);
  for (auto& record : records) {
    record.resize(random() % (names.size() + 1));
    for (std::string& value : record) {
      value.resize(random() % (longest + 1));
      const bool any_byte = random() % 8 == 0;
      for (char& c : value) c = static_cast<char>(any_byte ? random() % 256 : 'a' + random() % 26);
    }
  }
  return records;
}

}  // namespace salus::test
