#include "node/statement/payload.h"

#include <cstdlib>

#include "node/statement/data_seal.h"
#include "node/statement/erasure.h"
#include "node/statement/key_registration.h"
#include "node/statement/key_revocation.h"
#include "node/statement/key_rotation.h"
#include "node/statement/senml.h"
#include "node/statement/validator.h"

namespace salus::node {

bool is_well_formed_payload(ContentType type, Bytes payload) {
  switch (type) {
    case ContentType::senml_cbor: return is_senml_pack(payload);
    case ContentType::senml_json:
    case ContentType::fhir_json: return true;
    case ContentType::key_registration: return decode_key_registration(payload).has_value();
    case ContentType::key_rotation: return decode_key_rotation(payload).has_value();
    case ContentType::key_revocation: return decode_key_revocation(payload).has_value();
    case ContentType::data_seal: return decode_data_seal(payload).has_value();
    case ContentType::erasure: return decode_erasure(payload).has_value();
    case ContentType::validator: return decode_validator(payload).has_value();
  }
  std::abort();  // not one of them: a number cast by mistake
}

}  // namespace salus::node
