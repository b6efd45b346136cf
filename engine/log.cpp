#include "engine/log.h"

#include <spdlog/spdlog.h>

#include <exception>

namespace salus::logging {
namespace {

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: break;
  }
  return spdlog::level::err;
}

}  // namespace

void write(Level level, fmt::string_view format, fmt::format_args arguments) noexcept {
  try {
    spdlog::logger& logger = *spdlog::default_logger_raw();
    const spdlog::level::level_enum its = spdlog_level(level);
    if (!logger.should_log(its)) return;
    const std::string text = fmt::vformat(format, arguments);
    logger.log(spdlog::source_loc{}, its, spdlog::string_view_t(text));
  } catch (const std::exception&) {
    return;
  }
}

}  // namespace salus::logging
