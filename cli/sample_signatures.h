// Signatures for self-tests and benchmarks, made by OpenSSL with keys that nobody needs again.
#pragma once

#include <cstddef>
#include <vector>

#include "cli/verify_input.h"

namespace salus::cli {

struct SampleSignatures {
  engine::signature::Algorithm algorithm = engine::signature::Algorithm::ed25519;
  std::size_t count = 0;
  std::size_t keys = 0;  ///< At least 1; they sign in turn.
  std::size_t message_bytes = 128;
};

/// Good signatures over messages that are all different.
std::vector<SignedItem> sample_signatures(const SampleSignatures& what);

/// Changes one bit of an item's signature, so that it is of the right form and does not verify.
void spoil_signature(SignedItem& item);

}  // namespace salus::cli
