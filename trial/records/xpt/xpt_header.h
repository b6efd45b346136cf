// What stands before the observations of a SAS transport file, versions 5 and 8.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trial/records/input_stream.h"

namespace salus::trial::xpt {

/// All parts of a transport file begin at multiples of this.
inline constexpr std::size_t kRecord = 80;

enum class Version : std::uint8_t { v5, v8 };

struct Variable {
  std::string name;
  bool numeric = false;
  std::uint32_t position = 0;  ///< In an observation.
  std::uint32_t length = 0;    ///< 2 to 8 for a number.
};

/// One dataset of the file.
struct Member {
  std::string dataset;
  std::vector<Variable> variables;
  std::uint32_t length = 0;  ///< Bytes of an observation.
  /// Observations, where the header counts them (version 8, mostly).
  std::optional<std::uint64_t> count;
};

/// The version that a file's first bytes speak of; nothing for what is no transport file.
std::optional<Version> version_of(std::string_view beginning);

/// Whether 80 bytes begin the next dataset.
bool is_member_header(std::string_view record, Version version);

/// Reads from the file's beginning up to the first dataset's header, which comes next.
void read_library_header(InputStream& file, Version version);

/// Reads a dataset's headers up to its first observation. Throws `Error` (input).
Member read_member(InputStream& file, Version version);

}  // namespace salus::trial::xpt
