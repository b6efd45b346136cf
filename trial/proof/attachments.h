// What lies in a seal besides SHA256SUMS, what follows from it, and its signatures: receipts, time
// stamps, and what is said of the seal before.
#pragma once

#include <vector>

#include "trial/proof/seal_signatures.h"
#include "trial/seal/seal_folder.h"

namespace salus::trial {

/// What is wrong with files that were attached to a seal, as far as they tell by themselves, and
/// which names have no business in it. Whether validators and authorities are the ones that count
/// is for `check_anchor` and `check_timestamp` to say. Every byte of `anchor.cbor` and `previous`
/// counts; of a time stamp what its authority signed.
std::vector<SealFault> check_attachments(const SealFolder& seal);

}  // namespace salus::trial
