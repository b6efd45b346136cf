// Bundles of FHIR resources (R4 and R5) as JSON: a record an entry.
#include <set>

#include "trial/records/json/json_document.h"
#include "trial/records/json/json_reader.h"
#include "trial/records/json/json_records.h"

namespace salus::trial {
namespace {

class FhirBundleReader final : public JsonReader {
 public:
  FhirBundleReader(files::Descriptor file, std::string name)
      : JsonReader(kFhirBundleForm, std::move(name), JsonNumbers::as_written),
        document_(std::move(file), kMaxJsonRecord),
        resource_(JsonNumbers::as_written) {}

 private:
  bool read_record(BatchBuilder& builder) override {
    if (!inside_entries_ && !go_to_entries()) return false;
    const auto entry = document_.next_element();
    if (!entry) {
      inside_entries_ = false;
      return true;  // members behind the entries come next
    }
    parse(*entry, "entry {}", entries_);
    if (json_.kind() != CanonicalJson::Kind::object) refuse("not an object");
    for (const auto& [name, value] : json_.parts()) {
      // Without this two different entries could have the same cells.
      if (name.find('.') != std::string_view::npos) refuse("a dot in a member's name");
      if (name == "resource")
        add_resource(value, builder);
      else
        builder.add_cell(name, value);
    }
    builder.end_record();
    ++entries_;
    return true;
  }

  [[noreturn]] void refuse(std::string_view reason) const {
    throw Error(ErrorKind::input, fmt::format("entry {}: {}", entries_, reason));
  }

  void add_resource(std::string_view text, BatchBuilder& builder) {
    resource_.parse(text);  // canonical already: this finds its members
    if (resource_.kind() != CanonicalJson::Kind::object || resource_.parts().empty())
      refuse("a resource that is not an object with members");
    for (const auto& [name, value] : resource_.parts()) {
      cell_name_.assign("resource.").append(name);
      builder.add_cell(cell_name_, value);
    }
  }

  /// Goes through the bundle's members up to its entries; false when there are none.
  bool go_to_entries() {
    while (const auto member = document_.next_member()) {
      if (!members_.insert(*member).second)
        throw Error(ErrorKind::input, "a member's name is there twice");
      if (*member == "entry") {
        document_.enter_array();
        return inside_entries_ = true;
      }
      const std::string_view value = document_.value();
      parse(value, "a member of the bundle");
      if (*member == "resourceType") is_bundle_ = value == "\"Bundle\"";
    }
    if (!is_bundle_) throw Error(ErrorKind::input, "its resourceType is not Bundle");
    return false;
  }

  JsonDocument document_;
  CanonicalJson resource_;
  std::string cell_name_;
  std::set<std::string> members_;
  bool inside_entries_ = false;
  bool is_bundle_ = false;
  std::uint64_t entries_ = 0;
};

}  // namespace

std::unique_ptr<RecordReader> open_fhir_bundle(files::Descriptor file, std::string name) {
  return std::make_unique<FhirBundleReader>(std::move(file), std::move(name));
}

}  // namespace salus::trial
