// Commits to the records of a file, in one pass over it, on all cores.
#pragma once

#include <string>

#include "engine/cpu/cpu_backend.h"
#include "engine/engine.h"
#include "engine/files/descriptor.h"
#include "trial/records/commitment.h"
#include "trial/seal/seal.h"

namespace salus::trial {

struct RecordSealRequest {
  std::string canonical_form;
  std::string path;          ///< As in the seal: salts depend on it.
  bool cells = false;        ///< Keep a short digest of each cell, so that changes are named.
  engine::CpuOptions cpu{};  ///< `threads`: 0 for every core, 1 for the calling thread alone.
};

/// Reads `file` from its beginning and writes its record index to the descriptor `index` (some
/// bytes more than 48 for each record, with cells 8 for each of them besides; front to back, not
/// synced). Memory does not depend on the file's size. `control.progress` counts records, its total
/// is 0. Throws `Cancelled`, and `Error`: (input) naming the path and the record for what is not of
/// the format, (system) when the index cannot be written; what was written is of no use then.
RecordCommitment seal_records(files::Descriptor file, int index, StudySecretBytes secret,
                              const RecordSealRequest& request,
                              const engine::JobControl& control = {});

}  // namespace salus::trial
