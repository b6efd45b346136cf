#include "node/api/telemetry_cursor.h"

#include <algorithm>

#include "node/store/byte_order.h"

namespace salus::node::api {
namespace {

// version (1), height (4), index (4), block (32)
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHeightAt = 1;
constexpr std::size_t kIndexAt = kHeightAt + sizeof(Height);
constexpr std::size_t kBlockAt = kIndexAt + sizeof(std::uint32_t);
constexpr std::size_t kCursorBytes = kBlockAt + sizeof(Digest);

}  // namespace

std::vector<std::uint8_t> encode(const TelemetryCursor& cursor) {
  std::vector<std::uint8_t> out(kCursorBytes);
  out[0] = kVersion;
  store_big(out.data() + kHeightAt, cursor.at.height);
  store_big(out.data() + kIndexAt, cursor.at.index);
  std::ranges::copy(cursor.block, out.begin() + kBlockAt);
  return out;
}

std::optional<TelemetryCursor> decode_telemetry_cursor(Bytes bytes) {
  if (bytes.size() != kCursorBytes || bytes[0] != kVersion) return std::nullopt;
  TelemetryCursor cursor;
  cursor.at.height = load_big<Height>(bytes.data() + kHeightAt);
  cursor.at.index = load_big<std::uint32_t>(bytes.data() + kIndexAt);
  std::ranges::copy(bytes.subspan(kBlockAt), cursor.block.begin());
  return cursor;
}

}  // namespace salus::node::api
