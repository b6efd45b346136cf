// What devices measured: SenML as CBOR, which is looked into, and as JSON, and FHIR resources,
// which are not.
#include "node/state/type_rules.h"
#include "node/statement/senml.h"

namespace salus::node {
namespace {

bool is_anything(Bytes payload) { return !payload.empty(); }

}  // namespace

TypeRule senml_cbor_rule() {
  return {ContentType::senml_cbor, {Role::device}, is_senml_pack, no_effect};
}

TypeRule senml_json_rule() {
  return {ContentType::senml_json, {Role::device}, is_anything, no_effect};
}

TypeRule fhir_json_rule() {
  return {ContentType::fhir_json, {Role::device}, is_anything, no_effect};
}

}  // namespace salus::node
