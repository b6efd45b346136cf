// Seals a folder: reads every file once, and writes the seal beside it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "engine/cpu/cpu_backend.h"
#include "engine/engine.h"
#include "trial/seal/seal.h"
#include "trial/seal/seal_folder.h"
#include "trial/seal/study_secret.h"

namespace salus::trial {

/// Something that was not sealed, or not in full.
struct SealProblem {
  std::string path;
  std::string reason;  ///< For people: "symbolic link: left out", "Permission denied".
};

/// Files to lie in the seal, with their content: what is signed over its tree.
using SealParts = std::vector<std::pair<std::string, std::string>>;
/// Makes them, once, when everything else is written. May throw.
using SignSeal = std::function<SealParts(const SealHeader& header, const merkle::Tree& tree)>;

struct SealRequest {
  std::filesystem::path folder;  ///< Of the data.
  std::filesystem::path seal;    ///< Where the seal is to be; not below `folder`.
  SealHeader header;
  bool records = false;                 ///< Seal the records of files whose format is known.
  const StudySecret* secret = nullptr;  ///< With `records`.
  /// A seal of the same folder, which has grown since: its lines are kept as they are, and files
  /// that it does not name form a new section, sealed at `section_time`. `header` does not count
  /// then.
  const SealFolder* grown_from = nullptr;
  std::string section_time;
  bool replace = false;  ///< A seal that is there already is replaced in the end, in one step.
  bool resume = false;   ///< Go on with what an earlier run left, where there is something.
  SignSeal sign;
  /// How often the point that an interrupted run goes on from is moved.
  std::chrono::milliseconds save_every{2000};
  engine::CpuOptions cpu{};
};

struct SealSummary {
  std::uint64_t files = 0;    ///< Sealed by this run and, with `resume`, by the earlier one.
  std::uint64_t bytes = 0;    ///< Of those files.
  std::uint64_t resumed = 0;  ///< Files among them that the earlier run had read.
  /// Bytes among them that the earlier run had read: of those files, and the beginnings of others.
  std::uint64_t resumed_bytes = 0;
  std::uint64_t record_files = 0;
  std::uint64_t records = 0;
  std::uint64_t problems = 0;
  std::uint64_t size = 0;  ///< Of the tree.
  Digest root{};
};

/// Called on the calling thread for each problem, in the order of paths.
using OnSealProblem = std::function<void(const SealProblem&)>;

/// Throws what can be known to be wrong with a request before it costs a run: as `seal_study`.
void check_request(const SealRequest& request);

/// Seals. The seal is written to "SEAL.partial", synced and renamed, so that one is there whole or
/// not at all; what an interrupted run leaves there, `resume` goes on with, also in the middle of a
/// large file. Memory does not depend
/// on the size of the data. `control.progress` counts bytes. A file that cannot be read, that
/// changes while it is read, or whose records are malformed is a problem, not an exception; one
/// whose records are malformed is sealed by its bytes. Throws `Cancelled` when asked to stop, and
/// `Error`: (usage) for a request that cannot be, (input) for a folder that cannot be read or that
/// changed before it was resumed, (system) when the seal cannot be written.
SealSummary seal_study(const SealRequest& request, const OnSealProblem& on_problem,
                       const engine::JobControl& control = {});

}  // namespace salus::trial
