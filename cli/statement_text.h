// Statements, and COSE_Sign1 messages that are none, written for people.
#pragma once

#include <span>
#include <string>

#include "node/statement/key_id.h"

namespace salus::cli {

/// Whether a message's signature was looked at, and with what result.
enum class SignatureCheck {
  valid,
  invalid,
  unchecked,  ///< None of the keys is the signer's, or the algorithm is not one of ours.
};

struct ShownMessage {
  std::string text;  ///< Lines, each with its end.
  SignatureCheck check = SignatureCheck::unchecked;
};

/// Describes one message, checking its signature with those of `keys` that are the signer's by
/// their id; for messages that are no statements, with every key of the algorithm that they name.
/// Throws `Error` (input) when `message` is no COSE_Sign1.
ShownMessage show_message(Bytes message, std::span<const engine::signature::PublicKey> keys);

}  // namespace salus::cli
