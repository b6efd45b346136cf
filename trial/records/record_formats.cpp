// Which formats there are: a line each.
#include <array>

#include "engine/error.h"
#include "trial/records/csv/csv_records.h"
#include "trial/records/json/json_records.h"
#include "trial/records/record_reader.h"
#include "trial/records/xml/odm_records.h"
#include "trial/records/xpt/xpt_records.h"

namespace salus::trial {

namespace {

using Open = std::unique_ptr<RecordReader> (*)(files::Descriptor file, std::string name);

struct Format {
  std::string_view canonical_form;
  Open open;
};

constexpr std::array kFormats = {
    Format{kXpt5Form, open_xpt5},
    Format{kXpt8Form, open_xpt8},
    Format{kCsvForm, open_csv},
    Format{kNdjsonForm, open_ndjson},
    Format{kDatasetJsonForm, open_dataset_json},
    Format{kDatasetNdjsonForm, open_dataset_ndjson},
    Format{kFhirBundleForm, open_fhir_bundle},
    Format{kOdmForm, open_odm},
};

}  // namespace

std::unique_ptr<RecordReader> open_records(std::string_view canonical_form, files::Descriptor file,
                                           std::string name) {
  for (const Format& format : kFormats)
    if (format.canonical_form == canonical_form)
      return format.open(std::move(file), std::move(name));
  throw Error(ErrorKind::usage,
              name + ": this program does not know records of form " + std::string(canonical_form));
}

std::string without_name(std::string_view message, std::string_view name) {
  const std::string beginning = std::string(name) + ": ";
  if (message.starts_with(beginning)) message.remove_prefix(beginning.size());
  return std::string(message);
}

std::string_view canonical_form_of(std::string_view path, std::string_view beginning) {
  const std::array found = {xpt_form_of(beginning), csv_form_of(path, beginning),
                            json_form_of(path, beginning), xml_form_of(path, beginning)};
  for (const std::string_view form : found)
    if (!form.empty()) return form;
  return {};
}

}  // namespace salus::trial
