#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/status_line.h"

namespace salus::cli {
namespace {

constexpr auto kFirstDraw = std::chrono::seconds(1);
constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr std::size_t kBarMin = 8;
constexpr std::size_t kBarMax = 40;

std::string bar(double fraction, std::size_t width) {
  const auto full = static_cast<std::size_t>(fraction * static_cast<double>(width));
  return fmt::format("[{}{}]", std::string(full, '#'), std::string(width - full, '-'));
}

}  // namespace

std::string progress_text(const std::string& label, Unit unit, std::uint64_t done,
                          std::uint64_t total, double seconds, unsigned width) {
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  const std::string speed = format_rate(rate, unit);
  if (total == 0)
    return fmt::format("{}  {}  {}", label, format_amount(static_cast<double>(done), unit), speed);
  const double fraction = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const std::string left =
      done == 0 ? "" : format_duration((1 - fraction) * seconds / fraction) + " left";
  const std::string head = fmt::format("{} {:3.0f} %", label, fraction * 100);
  const std::size_t used = head.size() + speed.size() + left.size() + 8;
  if (used + kBarMin > width) return fmt::format("{}  {}  {}", head, speed, left);
  return fmt::format("{} {}  {}  {}", head, bar(fraction, std::min(kBarMax, width - used)), speed,
                     left);
}

ProgressBar::ProgressBar(const Global& global, std::string label, Unit unit)
    : label_(std::move(label)),
      unit_(unit),
      enabled_(!global.quiet && stderr_is_terminal()),
      start_(Clock::now()),
      next_draw_(start_ + kFirstDraw) {}

ProgressBar::~ProgressBar() {
  if (enabled_) clear_status();
}

void ProgressBar::update(std::uint64_t done, std::uint64_t total) {
  if (!enabled_) return;
  const Clock::time_point now = Clock::now();
  if (now < next_draw_) return;
  next_draw_ = now + kRedraw;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  show_status(progress_text(label_, unit_, done, total, seconds, terminal_width() - 1));
}

}  // namespace salus::cli
