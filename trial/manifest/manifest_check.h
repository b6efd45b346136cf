// Holds a folder against a manifest of another tool.
#pragma once

#include <filesystem>

#include "engine/cpu/cpu_backend.h"
#include "engine/engine.h"
#include "trial/manifest/manifest.h"
#include "trial/verify/verification.h"

namespace salus::trial {

/// As `verify_study`, where a manifest knows digests and nothing else: a change is placed in its
/// file, no further. The file `manifest_file`, if it lies in the folder, is no added one. Reads
/// nothing outside `folder`. Throws `Cancelled`; `Error` (input) when the folder cannot be read.
VerifySummary verify_manifest(const std::filesystem::path& folder, const Manifest& manifest,
                              const std::filesystem::path& manifest_file,
                              const OnFinding& on_finding, const engine::CpuOptions& cpu = {},
                              const engine::JobControl& control = {});

}  // namespace salus::trial
