// Hex on the command line, read strictly and complained about by name.
#pragma once

#include <cstdint>
#include <string>

#include "engine/pow/header.h"

namespace salus::cli {

/// A 32-bit number from 1 to 8 hex digits, "0x" allowed. Throws `Error` (usage) naming `option`.
std::uint32_t parse_hex32(const std::string& text, const std::string& option);

/// A block header from exactly 160 hex digits. Throws `Error` (input) naming `option`.
pow::Header parse_header_hex(const std::string& text, const std::string& option);

/// The target of compact bits. Throws `Error` (input) naming `what` when they stand for none.
pow::Target parse_bits(std::uint32_t bits, const std::string& what);

}  // namespace salus::cli
