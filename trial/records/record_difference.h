// Holds the records of a file against those that were sealed, in one pass over it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/cpu/cpu_backend.h"
#include "engine/engine.h"
#include "engine/files/descriptor.h"
#include "trial/records/commitment.h"
#include "trial/records/record_index.h"
#include "trial/seal/seal.h"
#include "trial/verify/finding.h"

namespace salus::trial {

struct RecordCompareRequest {
  std::string path;               ///< As in the seal: salts depend on it.
  RecordCommitment sealed;        ///< The line in the seal.
  std::size_t max_places = 1000;  ///< Listed at most; the rest is counted.
  engine::CpuOptions cpu{};       ///< `threads`: 0 for every core, 1 for the calling thread alone.
};

struct RecordDifference {
  /// Every record is the sealed one, in its place, and there are no others: their tree has the
  /// sealed root. A format error in the file is never equal.
  bool equal = false;
  std::uint64_t records = 0;  ///< In the file.
  std::uint64_t changed = 0;
  std::uint64_t added = 0;
  std::uint64_t removed = 0;
  std::uint64_t moved = 0;    ///< As sealed, but no longer between the same neighbours.
  std::vector<Place> places;  ///< In the order of the file; then what was moved, then removed.
  std::uint64_t more_places = 0;
  std::string fault;  ///< What is not of the format, where reading had to end; or empty.
};

/// Reads `file` from its beginning and compares it with its index. Which record was changed is told
/// by position and by keyed fingerprints of content and key variables; that one is as sealed is
/// told by its leaf alone. Memory: 26 to 66 bytes for each sealed record once something differs.
/// Throws `Cancelled`, and `Error` (input) when the index is damaged or not that of the sealed
/// line, (system).
RecordDifference compare_records(files::Descriptor file, const RecordIndex& index,
                                 StudySecretBytes secret, const RecordCompareRequest& request,
                                 const engine::JobControl& control = {});

}  // namespace salus::trial
