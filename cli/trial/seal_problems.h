// What could not be sealed, as `salus trial seal` and `salus trial update` tell it.
#pragma once

#include <cstdint>

#include "trial/seal/sealing.h"

namespace salus::cli {

/// A line on standard error.
void tell_problem(const trial::SealProblem& problem);

/// The command's exit code. With problems, a last line on standard error says how many there were.
int exit_code_of_sealing(std::uint64_t problems);

}  // namespace salus::cli
