// JSON of every record format from anywhere: reading ends, with records or with an `Error`, and the
// values that it gives are canonical: read once more they stay as they are.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/error.h"
#include "tests/fuzz/memory_file.h"
#include "trial/records/json/canonical_json.h"
#include "trial/records/json/json_records.h"

namespace {

using namespace salus;
using namespace salus::trial;

constexpr auto kOpeners = {open_ndjson, open_dataset_json, open_dataset_ndjson, open_fhir_bundle};

void check_value(std::string_view value, CanonicalJson& parser) {
  // Within an array, so that the parser itself writes the whole of the value.
  std::string wrapped(1, '[');
  wrapped.append(value).push_back(']');
  parser.parse(wrapped);
  if (parser.parts().size() != 1 || parser.parts()[0].value != value) std::abort();
}

void read_all(RecordReader& reader, JsonNumbers numbers) {
  CanonicalJson parser(numbers);
  RecordBatch batch;
  std::uint64_t records = 0;
  while (reader.next(batch)) {
    if (batch.first != records || batch.ends.back() != batch.cells.size()) std::abort();
    records += batch.size();
    for (const Cell& cell : batch.cells) check_value(cell.value, parser);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::string_view name : {"a.json", "a.ndjson"})
    json_form_of(name, text.substr(0, 4096));
  for (const auto open_reader : kOpeners) {
    const auto reader = open_reader(test::memory_file(data, size), "input");
    const bool is_fhir = reader->canonical_form() == kFhirBundleForm;
    try {
      read_all(*reader, is_fhir ? JsonNumbers::as_written : JsonNumbers::rfc8785);
    } catch (const Error&) {
    }
  }
  return 0;
}
