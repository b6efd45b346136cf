// Moments in UTC as seals and reports write them (RFC 3339): "2026-11-21T22:00:00Z".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace salus::trial {

/// `seconds` since 1970, of the years 0 to 9999.
std::string utc_text(std::int64_t seconds);

/// The reverse, for text that `is_utc_time` (sums.h); nothing for any other.
std::optional<std::int64_t> utc_seconds(std::string_view text);

}  // namespace salus::trial
