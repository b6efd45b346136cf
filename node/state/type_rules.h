// The rules of each type, for the table.
#pragma once

#include "node/state/rule.h"

namespace salus::node {

TypeRule senml_cbor_rule();
TypeRule senml_json_rule();
TypeRule fhir_json_rule();
TypeRule key_registration_rule();
TypeRule key_rotation_rule();
TypeRule key_revocation_rule();
TypeRule data_seal_rule();
TypeRule erasure_rule();
TypeRule validator_rule();

}  // namespace salus::node
