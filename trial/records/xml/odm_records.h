// CDISC ODM-XML (1.2, 1.3 and 2.0) and Dataset-XML: clinical and reference data, one record for
// each ItemGroupData. docs/trial-formats.md says what the canonical form is.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "engine/files/descriptor.h"
#include "trial/records/record_reader.h"

namespace salus::trial {

inline constexpr std::string_view kOdmForm = "odm-itemgroups/1";

/// The most memory that one record may take, names and values together. More is an error of its
/// file.
inline constexpr std::size_t kMaxOdmRecord = std::size_t{16} << 20;

/// Reads `file` from its beginning. `name` is for messages. A document type declaration is an
/// error, so that there are no entities but XML's own five and nothing outside the file is read.
/// What is wrong is thrown as `Error` (input) by `next`.
std::unique_ptr<RecordReader> open_odm(files::Descriptor file, std::string name);

/// `kOdmForm`, or empty: by the name's extension and the first bytes (4 KiB are enough). Define-XML
/// is ODM without data, and none of it.
std::string_view xml_form_of(std::string_view path, std::string_view beginning);

}  // namespace salus::trial
