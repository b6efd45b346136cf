// Why a statement is not taken. The names are part of the API: programs compare them, counters are
// labelled by them.
#pragma once

#include <cstdint>
#include <string_view>

namespace salus::node {

enum class Refusal : std::uint8_t {
  malformed,              ///< Not a COSE_Sign1 of the form that docs/formats.md states.
  oversize,               ///< Longer than the chain permits.
  unsupported_algorithm,  ///< `alg` is none of -7, -8, -9 and -19.
  unsupported_type,       ///< The content type is none that the chain knows.
  malformed_payload,      ///< The payload is not what its content type says.
  unknown_signer,         ///< No key with this id is registered.
  revoked_signer,         ///< The key was revoked or replaced.
  wrong_algorithm,        ///< `alg` is not the algorithm of the signer's key.
  bad_signature,
  not_permitted,       ///< The signer's role does not allow a statement of this type.
  duplicate,           ///< The very same statement was taken before.
  sequence_not_risen,  ///< `seq` is not above the signer's last one.
  issued_in_future,    ///< `iat` is too far ahead of the clock, or of the block's time.
  issued_before_registration,
  key_exists,      ///< A key that is to be registered is known already.
  unknown_target,  ///< The key or statement that this one is about is not there.
  overloaded,      ///< Not looked at: queues are full. The only one that may pass later.
};

/// "malformed", "oversize", ...
std::string_view to_string(Refusal refusal);

}  // namespace salus::node
