#include "node/api/parameters.h"

namespace salus::node::api {

std::uint64_t Parameters::number(std::string_view name, std::uint64_t otherwise,
                                 std::uint64_t largest) {
  const std::string* text = find(name);
  if (text == nullptr) return otherwise;
  const auto value = decimal(*text);
  if (!value || *value > largest) good_ = false;
  return value.value_or(otherwise);
}

const std::string* Parameters::find(std::string_view name) {
  const std::string* found = nullptr;
  for (const auto& [key, value] : target_.parameters) {
    if (key != name) continue;
    if (found != nullptr) good_ = false;
    found = &value;
    ++used_;
  }
  return found;
}

}  // namespace salus::node::api
