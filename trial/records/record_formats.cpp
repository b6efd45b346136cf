// Which formats there are: a line each.
#include <array>

#include "engine/error.h"
#include "trial/records/csv/csv_records.h"
#include "trial/records/record_reader.h"
#include "trial/records/xpt/xpt_records.h"

namespace salus::trial {

std::unique_ptr<RecordReader> open_records(std::string_view canonical_form, files::Descriptor file,
                                           std::string name) {
  if (canonical_form == kXpt5Form || canonical_form == kXpt8Form)
    return open_xpt(canonical_form, std::move(file), std::move(name));
  if (canonical_form == kCsvForm) return open_csv(std::move(file), std::move(name));
  throw Error(ErrorKind::usage,
              name + ": this program does not know records of form " + std::string(canonical_form));
}

std::string_view canonical_form_of(std::string_view path, std::string_view beginning) {
  const std::array found = {xpt_form_of(beginning), csv_form_of(path, beginning)};
  for (const std::string_view form : found)
    if (!form.empty()) return form;
  return {};
}

}  // namespace salus::trial
