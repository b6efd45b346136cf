#include "cli/content_types.h"

#include <fmt/format.h>

namespace salus::cli {

using node::ContentType;

namespace {

constexpr int kTypes = static_cast<int>(ContentType::validator) + 1;

}  // namespace

std::string_view short_name(ContentType type) {
  constexpr std::string_view kApplication = "application/";
  constexpr std::string_view kOwn = "vnd.salus.";
  constexpr std::string_view kOwnSuffix = "+cbor";
  std::string_view name = node::media_type(type).substr(kApplication.size());
  if (!name.starts_with(kOwn)) return name;
  name.remove_prefix(kOwn.size());
  name.remove_suffix(kOwnSuffix.size());
  return name;
}

std::optional<ContentType> type_named(std::string_view name) {
  for (int i = 0; i < kTypes; ++i) {
    const auto type = static_cast<ContentType>(i);
    if (name == node::media_type(type) || name == short_name(type)) return type;
  }
  return std::nullopt;
}

std::string known_types() {
  std::string names;
  for (int i = 0; i < kTypes; ++i)
    names += fmt::format("{}{}", i == 0 ? "" : ", ", short_name(static_cast<ContentType>(i)));
  return names;
}

}  // namespace salus::cli
