// Statements on their way to a node.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/bytes.h"

namespace salus::cli::simulate {

/// What a statement is meant to be, and so what should become of it.
enum class Kind : std::uint8_t {
  registration,  ///< Of a device: to be accepted, unless it was there already.
  honest,        ///< To be accepted.
  tampered,      ///< Altered after it was signed: to be refused, `bad_signature`.
  replayed,      ///< A copy of one that was sent before: to be refused, `duplicate`.
};
inline constexpr std::size_t kKinds = 4;

/// Statements that are sent together, in one piece of memory: as `node::Submission` has them.
struct Batch {
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint32_t> ends;
  std::vector<Kind> kinds;

  [[nodiscard]] std::size_t size() const { return ends.size(); }
  [[nodiscard]] bool empty() const { return ends.empty(); }
  [[nodiscard]] Bytes message(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return Bytes(bytes).subspan(begin, ends[i] - begin);
  }
  void append(Bytes message, Kind kind) {
    bytes.insert(bytes.end(), message.begin(), message.end());
    ends.push_back(static_cast<std::uint32_t>(bytes.size()));
    kinds.push_back(kind);
  }
};

}  // namespace salus::cli::simulate
