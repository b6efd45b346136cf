// Where a page of telemetry ended, as a client brings it back for the next one.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/bytes.h"
#include "node/store/position.h"

namespace salus::node::api {

/// The last statement that the page looked at. The block is named, too: once a reorganisation took
/// it away, places behind it are other statements' than those that the client has not seen.
struct TelemetryCursor {
  Position at;
  Digest block{};

  friend bool operator==(const TelemetryCursor&, const TelemetryCursor&) = default;
};

std::vector<std::uint8_t> encode(const TelemetryCursor& cursor);

/// Nothing when the bytes are not exactly what `encode` writes.
std::optional<TelemetryCursor> decode_telemetry_cursor(Bytes bytes);

}  // namespace salus::node::api
