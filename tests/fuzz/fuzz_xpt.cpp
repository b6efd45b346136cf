// Transport files from anywhere: reading ends, with records or with an `Error`, and no number's
// text is longer than it may be.
#include <cstdint>
#include <string_view>

#include "engine/error.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/require.h"
#include "trial/records/xpt/xpt_records.h"

namespace {

using namespace salus;
using namespace salus::trial;

using salus::fuzz::require;

void read_all(RecordReader& reader) {
  try {
    std::uint64_t records = 0;
    for (RecordBatch batch; reader.next(batch);) {
      require(batch.size() != 0 && batch.first == records);
      records += batch.size();
      for (const Cell& cell : batch.cells) require(cell.value.empty() || cell.value.back() != ' ');
    }
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::input);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  xpt_form_of({reinterpret_cast<const char*>(data), size});
  read_all(*open_xpt5(test::memory_file(data, size), "input"));
  read_all(*open_xpt8(test::memory_file(data, size), "input"));
  return 0;
}
