// What an index has to be for the file that it is used with.
#pragma once

#include <vector>

#include "trial/records/commitment.h"
#include "trial/records/layouts.h"
#include "trial/records/record_index.h"
#include "trial/seal/seal.h"

namespace salus::trial {

/// Throws `Error` (input) when the index does not have the number of records and the root in the
/// seal's line.
void require_sealed_index(const RecordIndex& index, const RecordCommitment& sealed);

/// Throws `Error` (input) when the index was made with another secret, or for another path or form.
std::vector<Layout> sealed_layouts(const RecordIndex& index, const FileKey& key);

}  // namespace salus::trial
