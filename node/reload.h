// What a running node says when it was asked to read its files again.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace salus::node {

/// Something that was to be read again.
struct Reloaded {
  bool is_taken = false;  ///< It is in use now; otherwise what was read before still is.
  std::string text;       ///< For people: what it is, or why it is not taken. Holds no secrets.
};

/// Runs `read`, which returns what it has read and throws what keeps it from that.
Reloaded reload(const std::function<std::string()>& read);

}  // namespace salus::node
