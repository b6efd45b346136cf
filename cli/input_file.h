// Whole files read into memory, in bounded size.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace salus::cli {

/// How messages name an input; "-" is standard input.
std::string input_name(const std::string& path);

/// The first bytes of a file, at most `limit` of them. Throws `Error` naming the file.
std::vector<std::uint8_t> read_up_to(const std::string& path, std::size_t limit);

/// All that a file has, at most `limit` bytes. Throws `Error` naming the file, (input) beyond that.
std::vector<std::uint8_t> read_all(const std::string& path, std::size_t limit);

}  // namespace salus::cli
