#include "trial/proof/utc_time.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "trial/seal/sums.h"

namespace salus::trial {

using namespace std::chrono;  // NOLINT: a file about nothing else

std::string utc_text(std::int64_t since_1970) {
  const sys_seconds moment{seconds(since_1970)};
  const auto day = floor<days>(moment);
  const year_month_day date(day);
  const hh_mm_ss time(moment - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::optional<std::int64_t> utc_seconds(std::string_view text) {
  if (!is_utc_time(text)) return std::nullopt;
  const auto number = [text](std::size_t begin, std::size_t length) {
    unsigned value = 0;
    std::from_chars(text.data() + begin, text.data() + begin + length, value);
    return value;
  };
  const sys_days day{year(static_cast<int>(number(0, 4))) / month(number(5, 2)) /
                     std::chrono::day(number(8, 2))};
  const auto time = hours(number(11, 2)) + minutes(number(14, 2)) + seconds(number(17, 2));
  return (day.time_since_epoch() + time) / seconds(1);
}

}  // namespace salus::trial
