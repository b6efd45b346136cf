// The record formats that are JSON: NDJSON, CDISC Dataset-JSON 1.1 in both of its forms, and
// bundles of FHIR resources. docs/trial-formats.md says what their canonical forms are.
//
// Values are the JSON text of RFC 8785 in all of them, so that null, "", 5 and "5" stay four
// different things. A record is read whole, the file never is.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "engine/files/descriptor.h"
#include "trial/records/record_reader.h"

namespace salus::trial {

inline constexpr std::string_view kNdjsonForm = "ndjson-jcs/1";
inline constexpr std::string_view kDatasetJsonForm = "datasetjson-rows/1";
inline constexpr std::string_view kDatasetNdjsonForm = "datasetjson-ndjson-rows/1";
inline constexpr std::string_view kFhirBundleForm = "fhir-bundle-entries/1";

/// The longest text of one record, and of what stands before the first. A longer one is an error of
/// its file, so that memory stays bounded whatever comes.
inline constexpr std::size_t kMaxJsonRecord = std::size_t{16} << 20;

// Each reads `file` from its beginning, at offsets of its own: it must be a regular file. `name` is
// for messages. What is wrong is thrown as `Error` (input) by `next`, never by these.

/// Records are lines, each an object; cells are its members in the order of their names.
std::unique_ptr<RecordReader> open_ndjson(files::Descriptor file, std::string name);

/// Records are the elements of "rows"; cells are named by "columns".
std::unique_ptr<RecordReader> open_dataset_json(files::Descriptor file, std::string name);

/// The same where the first line holds everything but the rows, and each further line is a row.
std::unique_ptr<RecordReader> open_dataset_ndjson(files::Descriptor file, std::string name);

/// Records are the elements of "entry"; cells are their members, and those of their resources as
/// "resource.NAME". Numbers stay as they are written: FHIR gives 1.0 and 1.00 different meanings.
std::unique_ptr<RecordReader> open_fhir_bundle(files::Descriptor file, std::string name);

/// Whether values of this canonical form are JSON text, so that strings have quotes.
bool is_json_form(std::string_view canonical_form);

/// Which of the forms above a file has, by its name's extension and its first bytes (4 KiB are
/// enough); empty for none of them.
std::string_view json_form_of(std::string_view path, std::string_view beginning);

}  // namespace salus::trial
