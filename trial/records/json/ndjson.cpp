// NDJSON: an object a line.
#include "trial/records/json/json_lines.h"
#include "trial/records/json/json_reader.h"
#include "trial/records/json/json_records.h"

namespace salus::trial {
namespace {

class NdjsonReader final : public JsonReader {
 public:
  NdjsonReader(files::Descriptor file, std::string name)
      : JsonReader(kNdjsonForm, std::move(name), JsonNumbers::rfc8785),
        lines_(std::move(file), kMaxJsonRecord) {}

 private:
  bool read_record(BatchBuilder& builder) override {
    const auto line = lines_.next();
    if (!line) return false;
    parse(*line, "line {}", lines_.line_number());
    // A cell has a name, and only members have one.
    if (json_.kind() != CanonicalJson::Kind::object)
      throw Error(ErrorKind::input, fmt::format("line {}: not an object", lines_.line_number()));
    for (const auto& [name, value] : json_.parts()) builder.add_cell(name, value);
    builder.end_record();
    return true;
  }

  [[nodiscard]] std::uint64_t position() const override { return lines_.offset(); }
  bool seek(std::uint64_t offset) override { return lines_.seek(offset); }

  JsonLines lines_;
};

}  // namespace

std::unique_ptr<RecordReader> open_ndjson(files::Descriptor file, std::string name) {
  return std::make_unique<NdjsonReader>(std::move(file), std::move(name));
}

}  // namespace salus::trial
