// Standard output, checked: a full disk or a closed pipe is an error, never silently half a result.
#pragma once

#include <fmt/format.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace salus::cli {

/// Writes to standard output (buffered). Throws `Error` (system) when that cannot be done. Safe
/// from several threads; one call's text stays together.
void write_out(std::string_view text);

/// Formats to standard output, as `write_out`.
template <typename... Args>
void print(fmt::format_string<Args...> format, Args&&... args) {
  write_out(fmt::format(format, std::forward<Args>(args)...));
}

/// Hands what is buffered to the operating system; throws as `write_out`.
void flush_out();

/// Flushes and closes standard output. The last thing that a successful run does with it: some
/// file systems report a full disk only on close.
void close_out();

/// Puts `content` into the file at `path`, replacing what was there. Throws `Error` (system).
void write_file(const std::string& path, std::string_view content);

/// Throws as `write_file` would when the file cannot be opened; leaves what is in it alone.
void require_writable(const std::string& path);

/// Indented JSON with a last newline. Bytes that are not UTF-8 (names from outside) are replaced.
std::string json_text(const nlohmann::json& value);

/// `text` with control bytes shown as \xNN, for names that come from outside: one line stays one
/// line, and a terminal is not steered by a file name.
std::string printable(std::string_view text);

}  // namespace salus::cli
