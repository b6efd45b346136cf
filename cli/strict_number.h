// Numbers on the command line, read strictly and complained about by name.
#pragma once

#include <fmt/format.h>

#include <charconv>
#include <string>

#include "cli/output.h"
#include "engine/error.h"

namespace salus::cli {

/// All of `text` as a decimal number. CLI11 would take -1 for the largest number: a key that signs
/// with that as its sequence never signs again. Throws `Error` (usage) naming `option`.
template <typename Number>
Number strict_number(const std::string& text, const std::string& option) {
  Number value{};
  const char* const end = text.data() + text.size();
  const std::from_chars_result result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end)
    throw Error(ErrorKind::usage,
                fmt::format("{}: '{}' is no number that fits", option, printable(text)));
  return value;
}

}  // namespace salus::cli
