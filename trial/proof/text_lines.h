// What notes and proofs consist of: lines, and digests in base64.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

#include "engine/base64.h"
#include "engine/bytes.h"

namespace salus::trial {

/// The text up to the next newline; both are taken off. Nothing where there is none.
inline std::optional<std::string_view> next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

/// Nothing for what is not base64 of 32 bytes.
inline std::optional<Digest> digest_from_base64(std::string_view text) {
  const auto bytes = from_base64(text);
  Digest digest;
  if (!bytes || bytes->size() != digest.size()) return std::nullopt;
  std::ranges::copy(*bytes, digest.begin());
  return digest;
}

}  // namespace salus::trial
