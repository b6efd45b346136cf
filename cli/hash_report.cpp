#include "cli/hash_report.h"

#include <fmt/format.h>

#include <system_error>

#include "cli/output.h"
#include "cli/shell_quote.h"
#include "cli/status_line.h"

namespace salus::cli {
namespace {

constexpr std::size_t kMuch = std::size_t{64} << 10;

}  // namespace

void HashReport::keep_small() {
  if (lines_.size() < kMuch) return;
  write_out(lines_);
  lines_.clear();
}

void HashReport::flush() {
  if (lines_.empty()) return;
  write_out(lines_);
  lines_.clear();
  flush_out();
}

void HashReport::complain(std::string_view text) {
  flush();
  write_error_line(fmt::format("salus hash: {}", text));
}

void HashReport::complain(std::string_view name, int error) {
  complain(fmt::format("{}: {}", shell_quote(name), std::generic_category().message(error)));
}

void HashReport::when_through(std::uint64_t files, std::function<void()> action) {
  if (files <= through_)
    action();
  else
    actions_.emplace_back(files, std::move(action));
}

void HashReport::through(std::uint64_t files) {
  through_ = files;
  while (!actions_.empty() && actions_.front().first <= files) {
    actions_.front().second();
    actions_.pop_front();
  }
}

}  // namespace salus::cli
