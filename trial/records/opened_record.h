// One record with everything that proves it: what is disclosed of it is for the caller to choose.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/files/descriptor.h"
#include "trial/records/commitment.h"
#include "trial/records/record_index.h"
#include "trial/seal/seal.h"

namespace salus::trial {

struct OpenedCell {
  std::string name;
  std::string value;
  Salt salt{};
  Digest digest{};
};

struct OpenedRecord {
  std::uint64_t record = 0;
  std::string dataset;  ///< "AE"; empty where the format does not say.
  std::string key;      ///< Key variables with their values, "USUBJID=01 AESEQ=2".
  Salt salt{};
  std::vector<OpenedCell> cells;
  std::vector<std::uint8_t> entry;  ///< CBOR: what the leaf is the hash of.
  Digest leaf{};
  std::vector<Digest> path;  ///< To the root of the file's records, lowest first.
  std::uint64_t tree_size = 0;
};

/// Record number `record` of `file`, whose data has to be there. With `sealed` the line in the seal
/// and `path` the file's path there. Throws `Error`: (usage) past the end, (input) when the record
/// in the file is not the sealed one, or the index is damaged or another's.
OpenedRecord open_record(files::Descriptor file, const RecordIndex& index, StudySecretBytes secret,
                         const std::string& path, const RecordCommitment& sealed,
                         std::uint64_t record);

}  // namespace salus::trial
