#include "node/api/page_cursor.h"

#include <algorithm>

#include "node/store/byte_order.h"

namespace salus::node::api {
namespace {

// version (1), height (4), index (4), time (8), block (32)
constexpr std::uint8_t kVersion = 2;
constexpr std::size_t kHeightAt = 1;
constexpr std::size_t kIndexAt = kHeightAt + sizeof(Height);
constexpr std::size_t kTimeAt = kIndexAt + sizeof(std::uint32_t);
constexpr std::size_t kBlockAt = kTimeAt + sizeof(std::uint64_t);
constexpr std::size_t kCursorBytes = kBlockAt + sizeof(Digest);

}  // namespace

std::vector<std::uint8_t> encode(const PageCursor& cursor) {
  std::vector<std::uint8_t> out(kCursorBytes);
  out[0] = kVersion;
  store_big(out.data() + kHeightAt, cursor.hit.at.height);
  store_big(out.data() + kIndexAt, cursor.hit.at.index);
  store_big(out.data() + kTimeAt, static_cast<std::uint64_t>(cursor.hit.time));
  std::ranges::copy(cursor.block, out.begin() + kBlockAt);
  return out;
}

std::optional<PageCursor> decode_page_cursor(Bytes bytes) {
  if (bytes.size() != kCursorBytes || bytes[0] != kVersion) return std::nullopt;
  PageCursor cursor;
  cursor.hit.at.height = load_big<Height>(bytes.data() + kHeightAt);
  cursor.hit.at.index = load_big<std::uint32_t>(bytes.data() + kIndexAt);
  cursor.hit.time = static_cast<std::int64_t>(load_big<std::uint64_t>(bytes.data() + kTimeAt));
  std::ranges::copy(bytes.subspan(kBlockAt), cursor.block.begin());
  return cursor;
}

}  // namespace salus::node::api
