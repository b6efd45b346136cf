// As much of JSON Schema as docs/openapi.json uses.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace salus::test {

/// What is wrong with `value`, where it is; empty when it is as `schema` says and has no field that
/// the schema does not name. `document` is what "$ref"s point into. In documents that came as CBOR
/// byte strings stand for hex.
std::string schema_fault(const nlohmann::json& document, const nlohmann::json& schema,
                         const nlohmann::json& value, const std::string& place = "");

/// Follows "$ref".
const nlohmann::json& resolved(const nlohmann::json& document, const nlohmann::json& node);

}  // namespace salus::test
