// Somebody says what a set of data is at this time. The chain keeps that it was said, and when; one
// name may be sealed many times.
#include "node/state/type_rules.h"
#include "node/statement/data_seal.h"

namespace salus::node {
namespace {

bool is_well_formed(Bytes payload) { return decode_data_seal(payload).has_value(); }

}  // namespace

TypeRule data_seal_rule() {
  return {ContentType::data_seal, {Role::device, Role::authority}, is_well_formed, no_effect};
}

}  // namespace salus::node
