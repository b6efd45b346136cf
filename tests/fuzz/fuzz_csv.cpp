// CSV from anywhere: reading ends, with records or with an `Error`; every record has as many cells
// as the first; and going on at a batch's offset gives that batch again.
#include <cstdint>

#include "engine/error.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/require.h"
#include "trial/records/csv/csv_records.h"

namespace {

using namespace salus;
using namespace salus::trial;

using salus::fuzz::require;

void check_resumed(const std::uint8_t* data, std::size_t size, const RecordBatch& batch) {
  const auto reader = open_csv(test::memory_file(data, size), "input");
  RecordBatch again;
  require(reader->resume(batch.first, batch.offset));
  require(reader->next(again));
  require(again.first == batch.first && again.cells == batch.cells);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto reader = open_csv(test::memory_file(data, size), "input");
  try {
    std::uint64_t records = 0;
    for (RecordBatch batch; reader->next(batch);) {
      require(batch.size() != 0 && batch.first == records);
      records += batch.size();
      for (std::size_t i = 0; i < batch.size(); ++i)
        require(batch.record(i).size() == batch.record(0).size());
      check_resumed(data, size, batch);
    }
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::input);
  }
  return 0;
}
