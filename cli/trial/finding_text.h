// What a verification found, as lines for people and scripts.
#pragma once

#include <string>

#include "trial/verify/verification.h"

namespace salus::cli {

/// "PATH: OK", or "PATH: CHANGED (REASON)" with a line, indented, for each place. Control
/// bytes in names, and bytes that are no UTF-8, are shown as \xNN: one line stays one line.
void append_finding(std::string& out, const trial::Finding& finding);

/// How many files are what.
std::string summary_text(const trial::VerifySummary& summary);

}  // namespace salus::cli
