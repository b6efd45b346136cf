#include "node/statement/refusal.h"

#include <cstdlib>

namespace salus::node {

std::string_view to_string(Refusal refusal) {
  switch (refusal) {
    case Refusal::malformed: return "malformed";
    case Refusal::oversize: return "oversize";
    case Refusal::unsupported_algorithm: return "unsupported_algorithm";
    case Refusal::unsupported_type: return "unsupported_type";
    case Refusal::malformed_payload: return "malformed_payload";
    case Refusal::unknown_signer: return "unknown_signer";
    case Refusal::revoked_signer: return "revoked_signer";
    case Refusal::wrong_algorithm: return "wrong_algorithm";
    case Refusal::bad_signature: return "bad_signature";
    case Refusal::not_permitted: return "not_permitted";
    case Refusal::duplicate: return "duplicate";
    case Refusal::sequence_not_risen: return "sequence_not_risen";
    case Refusal::issued_in_future: return "issued_in_future";
    case Refusal::issued_before_registration: return "issued_before_registration";
    case Refusal::key_exists: return "key_exists";
    case Refusal::unknown_target: return "unknown_target";
    case Refusal::overloaded: return "overloaded";
  }
  std::abort();  // not one of them: a number cast by mistake
}

}  // namespace salus::node
