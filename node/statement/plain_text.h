// What text in statements may hold.
#pragma once

#include <cstddef>
#include <string_view>

namespace salus::node {

/// Whether `text` has 1 to `max_bytes` bytes of UTF-8 without control characters (C0, DEL and C1):
/// such text stays one line in logs and on terminals, and steers neither.
bool is_plain_text(std::string_view text, std::size_t max_bytes);

}  // namespace salus::node
