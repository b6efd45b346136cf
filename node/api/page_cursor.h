// Where a page of statements ended, as a client brings it back for the next one.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/bytes.h"
#include "node/store/block_store.h"

namespace salus::node::api {

/// The last statement that the page looked at. The block is named, too: once a reorganisation took
/// it away, places behind it are other statements' than those that the client has not seen.
struct PageCursor {
  IndexHit hit;
  Digest block{};

  friend bool operator==(const PageCursor&, const PageCursor&) = default;
};

std::vector<std::uint8_t> encode(const PageCursor& cursor);

/// Nothing when the bytes are not exactly what `encode` writes.
std::optional<PageCursor> decode_page_cursor(Bytes bytes);

}  // namespace salus::node::api
