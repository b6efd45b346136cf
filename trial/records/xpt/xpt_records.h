// Records of SAS transport files (XPT): observations of versions 5 and 8, of one dataset after the
// other.
//
// Cells are all variables in their order. Text is without the blanks at its end, byte for byte;
// numbers are as ibm_number.h writes them. Names, lengths, labels and formats of variables, and
// times in headers are no part of a record, but names are part of each cell.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/files/descriptor.h"
#include "trial/records/record_reader.h"

namespace salus::trial {

inline constexpr std::string_view kXpt5Form = "xpt5-obs/1";
inline constexpr std::string_view kXpt8Form = "xpt8-obs/1";

/// `name` is for messages. What is wrong is thrown as `Error` (input) by `next`: a header that does
/// not fit, a file that ends within an observation or is not made of 80 bytes each.
std::unique_ptr<RecordReader> open_xpt5(files::Descriptor file, std::string name);
std::unique_ptr<RecordReader> open_xpt8(files::Descriptor file, std::string name);

/// Which of the forms a file has, by its first 80 bytes; empty for neither.
std::string_view xpt_form_of(std::string_view beginning);

}  // namespace salus::trial
