// Holds a folder against its seal: every file, and where something differs, where.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>

#include "engine/cpu/cpu_backend.h"
#include "engine/engine.h"
#include "trial/seal/seal_folder.h"
#include "trial/seal/study_secret.h"
#include "trial/verify/finding.h"

namespace salus::trial {

struct VerifyRequest {
  std::filesystem::path folder;
  const SealFolder* seal = nullptr;
  /// Names changed records where their content is sealed; without it the file and the chunk.
  const StudySecret* secret = nullptr;
  /// A file with a chunk tree is verified by that; with this by its own digest as well.
  bool whole_digests = false;
  std::size_t max_places = 100;  ///< Listed for one file; the rest is counted.
  /// Where an interrupted run leaves how far it came, and where `resume` finds it; empty for
  /// nowhere.
  std::filesystem::path progress_file;
  bool resume = false;
  engine::CpuOptions cpu{};
};

struct VerifySummary {
  std::array<std::uint64_t, kOutcomes> files{};  ///< By `Outcome`.
  std::uint64_t bytes = 0;                       ///< Read.
  std::uint64_t resumed = 0;  ///< Files among the unchanged ones that an earlier run had verified.
  /// Not read again: of those files, and of the beginnings of others.
  std::uint64_t resumed_bytes = 0;

  [[nodiscard]] std::uint64_t of(Outcome outcome) const {
    return files[static_cast<std::size_t>(outcome)];
  }
  /// Whether every file is there, byte for byte as sealed, and nothing else.
  [[nodiscard]] bool all_unchanged() const;
};

/// Gets what is found for each file, in the order of paths, on the calling thread. Files that are
/// unchanged come too.
using OnFinding = std::function<void(const Finding&)>;

/// Verifies. Reads nothing outside `folder`, whatever the seal says and wherever symbolic links
/// lead. `control.progress` counts bytes. What is wrong with a file is a finding; that the seal
/// itself is as it was signed is not looked at here. Throws `Cancelled` when asked to stop, and
/// `Error`: (input) when `folder` or a part of the seal cannot be read, (system).
VerifySummary verify_study(const VerifyRequest& request, const OnFinding& on_finding,
                           const engine::JobControl& control = {});

}  // namespace salus::trial
