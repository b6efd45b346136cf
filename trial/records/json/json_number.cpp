// Numbers as ECMAScript writes them (Number::toString, which RFC 8785 refers to).
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "trial/records/json/canonical_json.h"

namespace salus::trial {
namespace {

/// 0.DIGITS x 10^exponent, without zeros at either end of the digits; no digits for 0.
struct Decimal {
  std::string digits;
  std::int64_t exponent = 0;

  friend bool operator==(const Decimal&, const Decimal&) = default;
};

/// The value of an integer, or of what to_chars writes, without its sign.
Decimal decimal_of(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  Decimal value;
  const std::size_t e = text.find_first_of("eE");
  const std::string_view mantissa = text.substr(0, e);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  value.digits.append(mantissa.substr(0, point));
  if (point < mantissa.size()) value.digits.append(mantissa.substr(point + 1));
  const std::size_t first = value.digits.find_first_not_of('0');
  if (first == std::string::npos) return {};
  value.digits.erase(value.digits.find_last_not_of('0') + 1);
  value.digits.erase(0, first);
  value.exponent = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  if (e != std::string_view::npos) {
    std::string_view power = text.substr(e + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    std::int32_t shift = 0;
    std::from_chars(power.data(), power.data() + power.size(), shift);
    value.exponent += shift;
  }
  return value;
}

/// The fewest digits that lead back to the double, and where its point stands.
Decimal shortest(double value) {
  char buffer[32];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, std::abs(value), std::chars_format::scientific)
          .ptr;
  return decimal_of({buffer, static_cast<std::size_t>(end - buffer)});
}

/// Number::toString of ECMAScript, steps 6 to 10, where n is `exponent` and k the digits' count.
void append_ecmascript(std::string& out, const Decimal& number) {
  const std::string& digits = number.digits;
  const auto k = static_cast<std::int64_t>(digits.size());
  const std::int64_t n = number.exponent;
  const auto zeros = [](std::int64_t count) { return static_cast<std::size_t>(count); };
  if (k <= n && n <= 21) {
    out.append(digits).append(zeros(n - k), '0');
  } else if (0 < n && n <= 21) {
    out.append(digits, 0, zeros(n)).append(".").append(digits, zeros(n));
  } else if (-6 < n && n <= 0) {
    out.append("0.").append(zeros(-n), '0').append(digits);
  } else {
    out.append(digits, 0, 1);
    if (k > 1) out.append(".").append(digits, 1);
    out.append(n > 0 ? "e+" : "e-").append(std::to_string(std::abs(n - 1)));
  }
}

}  // namespace

void append_json_number(std::string& out, double value, std::string_view written) {
  if (value == 0) {
    out.push_back('0');
    return;
  }
  const Decimal number = shortest(value);
  const bool is_integer = written.find_first_of(".eE") == std::string_view::npos;
  if (is_integer && number != decimal_of(written)) {
    out.append(written);
    return;
  }
  if (value < 0) out.push_back('-');
  append_ecmascript(out, number);
}

}  // namespace salus::trial
