// Warnings, and what --verbose shows, for spdlog's default logger.
//
// spdlog's and fmt's templates for it are compiled in log.cpp once, not in every file that has
// something to say.
#pragma once

#include <fmt/core.h>

namespace salus::logging {

enum class Level { debug, info, warning, error };

/// One message, put together only when its level is in force. Thread safe. One that cannot be put
/// together is lost: whoever logs has other things to do.
void write(Level level, fmt::string_view format, fmt::format_args arguments) noexcept;

template <typename... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::debug, format, fmt::make_format_args(args...));
}

template <typename... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::info, format, fmt::make_format_args(args...));
}

template <typename... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::warning, format, fmt::make_format_args(args...));
}

template <typename... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::error, format, fmt::make_format_args(args...));
}

}  // namespace salus::logging
