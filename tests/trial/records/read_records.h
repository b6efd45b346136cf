// All records of a small file, for tests of readers.
#pragma once

#include <fcntl.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/temporary_folder.h"
#include "trial/records/record_reader.h"

namespace salus::test {

using Record = std::vector<std::pair<std::string, std::string>>;

struct ReadRecords {
  std::vector<Record> records;
  std::string dataset;
  std::string failure;  ///< Of the `Error` that ended it.
};

inline files::Descriptor open_file(const std::string& path) {
  return files::Descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

/// Reads with `open_reader`, which is one of the functions that open a format.
template <typename Open>
ReadRecords read_records(const Open& open_reader, const std::string& path) {
  ReadRecords result;
  const auto reader = open_reader(open_file(path), "the file");
  trial::RecordBatch batch;
  try {
    while (reader->next(batch)) {
      EXPECT_EQ(batch.first, result.records.size());
      for (std::size_t i = 0; i < batch.size(); ++i) {
        Record record;
        for (const trial::Cell& cell : batch.record(i)) record.emplace_back(cell.name, cell.value);
        result.records.push_back(std::move(record));
      }
      result.dataset = batch.dataset;
    }
    EXPECT_EQ(batch.size(), 0U);
  } catch (const std::exception& error) {
    result.failure = error.what();
  }
  return result;
}

/// The same for a text.
template <typename Open>
ReadRecords read_text_records(const Open& open_reader, std::string_view text) {
  const TemporaryFolder folder;
  return read_records(open_reader, folder.write("records", text));
}

}  // namespace salus::test
