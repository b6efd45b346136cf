// Whether a seal is whole: everything in it that follows from SHA256SUMS.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"
#include "trial/seal/seal_folder.h"

namespace salus::trial {

/// Reads chunks and record indexes to their ends. A line for each file of the seal that is missing,
/// damaged or one too many, which names it. What is signed over SHA256SUMS, and was attached later,
/// trial/proof checks. Throws `Cancelled`, and `Error` (system).
std::vector<std::string> seal_faults(const SealFolder& seal,
                                     const engine::JobControl& control = {});

}  // namespace salus::trial
