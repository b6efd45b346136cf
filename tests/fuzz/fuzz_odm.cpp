// ODM-XML from anywhere: reading ends, with records or with an `Error`, and every record says which
// group it is of.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/error.h"
#include "tests/fuzz/memory_file.h"
#include "trial/records/xml/odm_records.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace salus;
  trial::xml_form_of("a.xml", {reinterpret_cast<const char*>(data), size});
  const auto reader = trial::open_odm(test::memory_file(data, size), "input");
  trial::RecordBatch batch;
  try {
    while (reader->next(batch))
      for (std::size_t i = 0; i < batch.size(); ++i) {
        bool has_group = false;
        for (const trial::Cell& cell : batch.record(i)) has_group |= cell.name == "@ItemGroupOID";
        if (!has_group) std::abort();
      }
  } catch (const Error&) {
  }
  return 0;
}
