#include "cli/log.h"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <mutex>
#include <string>

#include "cli/output.h"
#include "cli/status_line.h"

namespace salus::cli {
namespace {

/// One line a message, above the status line.
class StderrSink : public spdlog::sinks::base_sink<std::mutex> {
 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const char* const kind = message.level == spdlog::level::warn ? "warning: " : "";
    write_error_line(fmt::format("salus: {}{}", kind,
                                 printable({message.payload.data(), message.payload.size()})));
  }
  void flush_() override {}
};

}  // namespace

void start_log() {
  spdlog::set_default_logger(
      std::make_shared<spdlog::logger>("salus", std::make_shared<StderrSink>()));
  spdlog::set_level(spdlog::level::warn);
}

void set_log_level(bool quiet, bool verbose) {
  if (verbose)
    spdlog::set_level(spdlog::level::debug);
  else if (quiet)
    spdlog::set_level(spdlog::level::err);
}

}  // namespace salus::cli
