// The part of `salus demo` that seals a study record by record.
#pragma once

#include <filesystem>

#include "cli/command.h"

namespace salus::cli {

/// Copies the study in `data` to a temporary folder and seals it with its records; changes one
/// cell, which a verification names; and proves one record with one variable shown. Prints all of
/// it. Returns how much was not as it should be.
unsigned demonstrate_trial(const Global& global, const std::filesystem::path& data);

}  // namespace salus::cli
