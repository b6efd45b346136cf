#include "cli/simulate/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace salus::cli::simulate {

using node::Refusal;
using Clock = std::chrono::steady_clock;

namespace {

double seconds_between(SteadyTime from, SteadyTime to) {
  return std::chrono::duration<double>(to - from).count();
}

std::string refused_text(const Counts& counts) {
  std::string text;
  for (std::size_t i = 0; i < node::kRefusals; ++i)
    if (const std::uint64_t count = counts.refused_for(static_cast<Refusal>(i)))
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count,
                          to_string(static_cast<Refusal>(i)));
  return text.empty() ? "0" : text;
}

std::uint64_t refused_of(const Counts& counts) {
  std::uint64_t accepted = 0;
  for (const std::uint64_t count : counts.accepted) accepted += count;
  return counts.answered() - accepted;
}

nlohmann::json common_json(const Counts& counts) {
  return {{"sent", counts.sent},
          {"resent", counts.resent},
          {"acknowledged", counts.acknowledged()},
          {"refused", refused_json(counts)},
          {"unanswered", counts.unanswered()},
          {"p50_ms", counts.p50_seconds * 1e3},
          {"p99_ms", counts.p99_seconds * 1e3},
          {"max_ms", counts.max_seconds * 1e3}};
}

}  // namespace

nlohmann::json refused_json(const Counts& counts) {
  nlohmann::json refused = nlohmann::json::object();
  for (std::size_t i = 0; i < node::kRefusals; ++i)
    if (const std::uint64_t count = counts.refused_for(static_cast<Refusal>(i)))
      refused[std::string(to_string(static_cast<Refusal>(i)))] = count;
  return refused;
}

Report::Report(const Tally& tally, bool is_terminal)
    : tally_(tally),
      is_terminal_(is_terminal),
      begin_(Clock::now()),
      last_time_(begin_),
      before_(tally.counts()),
      last_(before_) {}

double Report::seconds() const {
  return std::max(1e-6, seconds_between(begin_, std::max(begin_, tally_.last_answer())));
}

std::string Report::second() {
  constexpr unsigned kLinesToAHead = 20;
  const Counts now = tally_.counts();
  const SteadyTime time = Clock::now();
  const double seconds = seconds_between(last_time_, time);
  std::string text;
  if (is_terminal_) {
    if (lines_++ % kLinesToAHead == 0)
      text =
          fmt::format("{:>8} {:>10} {:>14} {:>10} {:>11} {:>9} {:>9} {:>9}\n", "seconds", "sent/s",
                      "acknowledged/s", "refused/s", "unanswered", "p50 ms", "p99 ms", "max ms");
    text += table_line(now, seconds);
  } else {
    nlohmann::json json = common_json(now);
    json["seconds"] = seconds_between(begin_, time);
    json["sent_per_s"] = static_cast<double>(now.sent - last_.sent) / seconds;
    json["acknowledged_per_s"] =
        static_cast<double>(now.acknowledged() - last_.acknowledged()) / seconds;
    text = json.dump() + '\n';
  }
  last_ = now;
  last_time_ = time;
  return text;
}

std::string Report::table_line(const Counts& now, double seconds) const {
  const auto rate = [seconds](std::uint64_t after, std::uint64_t before) {
    return static_cast<double>(after - before) / seconds;
  };
  return fmt::format("{:>8.0f} {:>10.0f} {:>14.0f} {:>10.0f} {:>11} {:>9.2f} {:>9.2f} {:>9.2f}\n",
                     seconds_between(begin_, Clock::now()), rate(now.sent, last_.sent),
                     rate(now.acknowledged(), last_.acknowledged()),
                     rate(refused_of(now), refused_of(last_)), now.unanswered(),
                     now.p50_seconds * 1e3, now.p99_seconds * 1e3, now.max_seconds * 1e3);
}

std::string Report::summary() const {
  const Counts now = tally_.counts();
  const double rate = static_cast<double>(now.acknowledged() - before_.acknowledged()) / seconds();
  if (!is_terminal_) {
    nlohmann::json json = common_json(now);
    json["summary"] = true;
    json["seconds"] = seconds();
    json["acknowledged_per_s"] = rate;
    json["unexpected"] = now.unexpected();
    return json.dump() + '\n';
  }
  return fmt::format(
      "sent          {}{}\n"
      "acknowledged  {}, {:.0f} statements/s in {:.1f} s\n"
      "refused       {}\n"
      "unanswered    {}\n"
      "unexpected    {}\n"
      "latency       p50 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms\n",
      now.sent, now.resent == 0 ? "" : fmt::format(" (and {} again)", now.resent),
      now.acknowledged(), rate, seconds(), refused_text(now), now.unanswered(), now.unexpected(),
      now.p50_seconds * 1e3, now.p99_seconds * 1e3, now.max_seconds * 1e3);
}

}  // namespace salus::cli::simulate
