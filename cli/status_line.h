// The last line of a terminal: what is going on right now. Log messages are written above it.
#pragma once

#include <string>
#include <string_view>

namespace salus::cli {

/// Whether standard error is a terminal that can move its cursor.
bool stderr_is_terminal();

/// Columns of that terminal; 80 when it does not say.
unsigned terminal_width();

/// Shows `text` as the status line, cut to the terminal's width. Does nothing without a terminal.
void show_status(std::string_view text);

/// Takes the status line away.
void clear_status();

/// Writes a whole line to standard error, above the status line where there is one.
void write_error_line(std::string_view text);

}  // namespace salus::cli
