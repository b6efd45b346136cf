// Makes proofs out of a seal and, where a record is shown, out of the data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trial/content/study_folder.h"
#include "trial/proof/proof.h"
#include "trial/records/opened_record.h"
#include "trial/records/record_search.h"
#include "trial/seal/seal_folder.h"
#include "trial/seal/study_secret.h"

namespace salus::trial {

/// Which record, and what of it is shown.
struct RecordChoice {
  std::uint64_t record = 0;
  /// Variables whose values are shown; nothing shows all. The others stay salted digests, by which
  /// nobody can test a guess who has not the study's secret.
  std::optional<std::vector<std::string>> show;
};

/// What is proved and, for people, which record it is.
struct MadeProof {
  Proof proof;
  std::string key;  ///< "USUBJID=01-701-1015 AESEQ=2": data, for who makes the proof.
};

/// That the file's own line, with its digest, is in the seal. Needs no data and no secret. Throws
/// `Error` (usage) for a path that the seal has not.
Proof prove_file(const SealFolder& seal, const std::string& path);

/// That a record is in the seal. Throws `Error`: (usage) for a path that the seal has not or whose
/// records are not sealed, for a record past the end, and for variables that it has not; (input)
/// when the file or its record is not as sealed, or the secret is not the study's.
MadeProof prove_record(const SealFolder& seal, const StudyFolder& data, const StudySecret& secret,
                       const std::string& path, const RecordChoice& choice);

/// Records of a sealed file that meet all conditions, at most `limit`. Throws `Error` as above.
std::vector<std::uint64_t> find_sealed_records(const SealFolder& seal, const StudyFolder& data,
                                               const std::string& path,
                                               const std::vector<Condition>& conditions,
                                               std::size_t limit);

}  // namespace salus::trial
