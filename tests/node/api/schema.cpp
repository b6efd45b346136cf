#include "tests/node/api/schema.h"

#include <algorithm>
#include <regex>

#include "engine/bytes.h"

namespace salus::test {
namespace {

using nlohmann::json;

bool has_type(const json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string() || value.is_binary();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  return type == "boolean" && value.is_boolean();
}

std::string string_fault(const json& schema, const json& value, const std::string& place) {
  const std::string text =
      value.is_binary() ? to_hex(value.get_binary()) : value.get<std::string>();
  if (schema.contains("pattern") &&
      !std::regex_match(text, std::regex(schema["pattern"].get<std::string>())))
    return place + ": " + text + " is not " + schema["pattern"].dump();
  return {};
}

std::string object_fault(const json& document, const json& schema, const json& value,
                         const std::string& place) {
  for (const json& name : schema["required"])
    if (!value.contains(name.get<std::string>())) return place + ": no " + name.dump();
  for (const auto& [name, field] : value.items()) {
    if (!schema["properties"].contains(name)) return place + ": " + name + " is not in the schema";
    const std::string fault =
        schema_fault(document, schema["properties"][name], field, place + "." + name);
    if (!fault.empty()) return fault;
  }
  return {};
}

}  // namespace

const json& resolved(const json& document, const json& node) {
  if (!node.contains("$ref")) return node;
  return document.at(json::json_pointer(node["$ref"].get<std::string>().substr(1)));
}

std::string schema_fault(const json& document, const json& reference, const json& value,
                         const std::string& place) {
  const json& schema = resolved(document, reference);
  if (schema.contains("type") && !has_type(value, schema["type"].get<std::string>()))
    return place + ": " + value.dump() + " is no " + schema["type"].dump();
  if (schema.contains("enum") &&
      std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end())
    return place + ": " + value.dump() + " is none of " + schema["enum"].dump();
  if (value.is_string() || value.is_binary()) return string_fault(schema, value, place);
  if (value.is_object()) return object_fault(document, schema, value, place);
  if (value.is_array())
    for (const json& item : value) {
      const std::string fault = schema_fault(document, schema["items"], item, place + "[]");
      if (!fault.empty()) return fault;
    }
  return {};
}

}  // namespace salus::test
