// Records of CSV and TSV files (RFC 4180): all rows behind the first, which names the variables.
//
// Cells are the fields in their order: without the quotes around them and with "" as ", otherwise
// byte for byte. A byte-order mark of UTF-8, the kind of delimiter and of line ends, and quotes
// that are not needed, are no part of a record. docs/trial-formats.md
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "engine/files/descriptor.h"
#include "trial/records/record_reader.h"

namespace salus::trial {

inline constexpr std::string_view kCsvForm = "csv-rfc4180-cells/1";

/// The longest record, with its quotes. A longer one is an error of its file.
inline constexpr std::size_t kMaxCsvRecord = std::size_t{16} << 20;
/// A record's fields, at most: each takes more memory than the delimiter that makes it.
inline constexpr std::size_t kMaxCsvFields = std::size_t{1} << 20;

/// The delimiter is ',', ';' or tab: which of them stands most often in the first record outside of
/// quotes, the former of those that are tied. `name` is for messages. What is wrong is thrown as
/// `Error` (input) by `next`: a row with more or fewer fields than the first, a quote that is not
/// closed or stands where none may.
std::unique_ptr<RecordReader> open_csv(files::Descriptor file, std::string name);

/// `kCsvForm` for names that end in .csv, .tsv or .tab, if the first bytes can be text; or empty.
std::string_view csv_form_of(std::string_view path, std::string_view beginning);

}  // namespace salus::trial
