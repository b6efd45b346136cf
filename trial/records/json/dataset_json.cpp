// CDISC Dataset-JSON 1.1: one object with the rows in it, or lines.
#include <set>

#include "trial/records/json/dataset_header.h"
#include "trial/records/json/json_document.h"
#include "trial/records/json/json_lines.h"
#include "trial/records/json/json_reader.h"
#include "trial/records/json/json_records.h"

namespace salus::trial {
namespace {

class DatasetJsonReader final : public JsonReader {
 public:
  DatasetJsonReader(files::Descriptor file, std::string name)
      : JsonReader(kDatasetJsonForm, std::move(name), JsonNumbers::rfc8785),
        document_(std::move(file), kMaxJsonRecord) {}

 private:
  bool read_record(BatchBuilder& builder) override {
    if (!inside_rows_) {
      find_columns();
      if (!go_to_rows()) refuse("rows is missing");
      inside_rows_ = true;
    }
    const auto row = document_.next_element();
    if (!row) {
      read_rest();
      return false;
    }
    parse(*row, "row {}", rows_);
    try {
      header_.add_row(json_, builder);
    } catch (const Error& error) {
      refuse(fmt::format("row {}: {}", rows_, error.what()));
    }
    ++rows_;
    return true;
  }

  [[noreturn]] static void refuse(const std::string& reason) {
    throw Error(ErrorKind::input, reason);
  }

  /// Members may come in any order, so that the rows may come before what names their values.
  void find_columns() {
    while (const auto member = document_.next_member()) {
      if (*member != "columns") continue;
      header_.take("columns", document_.value());
      break;
    }
    if (!header_.has_columns()) refuse("columns is missing");
    document_.restart();
  }

  /// Goes through the members up to the rows; false when there are none.
  bool go_to_rows() {
    while (const auto member = document_.next_member()) {
      if (!members_.insert(*member).second) refuse("a member's name is there twice");
      if (*member == "rows") {
        document_.enter_array();
        return true;
      }
      const std::string_view value = document_.value();
      parse(value, "a member of the outermost object");
      if (*member != "columns") header_.take(*member, value);
    }
    return false;
  }

  void read_rest() {
    go_to_rows();  // there are none again: no member is there twice
    header_.require_complete();
    header_.require_rows(rows_);
  }

  [[nodiscard]] std::string dataset() const override { return header_.dataset(); }

  JsonDocument document_;
  DatasetHeader header_;
  std::set<std::string> members_;
  bool inside_rows_ = false;
  std::uint64_t rows_ = 0;
};

class DatasetNdjsonReader final : public JsonReader {
 public:
  DatasetNdjsonReader(files::Descriptor file, std::string name)
      : JsonReader(kDatasetNdjsonForm, std::move(name), JsonNumbers::rfc8785),
        lines_(std::move(file), kMaxJsonRecord) {}

 private:
  bool read_record(BatchBuilder& builder) override {
    const auto line = lines_.next();
    if (!line) {
      header_.require_complete();
      header_.require_rows(rows_);
      return false;
    }
    parse(*line, "line {}", lines_.line_number());
    try {
      if (!header_.has_columns()) {
        header_.take_all(json_);
        return true;
      }
      header_.add_row(json_, builder);
    } catch (const Error& error) {
      throw Error(error.kind(), fmt::format("line {}: {}", lines_.line_number(), error.what()));
    }
    ++rows_;
    return true;
  }

  [[nodiscard]] std::string dataset() const override { return header_.dataset(); }

  JsonLines lines_;
  DatasetHeader header_;
  std::uint64_t rows_ = 0;
};

}  // namespace

std::unique_ptr<RecordReader> open_dataset_json(files::Descriptor file, std::string name) {
  return std::make_unique<DatasetJsonReader>(std::move(file), std::move(name));
}

std::unique_ptr<RecordReader> open_dataset_ndjson(files::Descriptor file, std::string name) {
  return std::make_unique<DatasetNdjsonReader>(std::move(file), std::move(name));
}

}  // namespace salus::trial
