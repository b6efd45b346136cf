// A record that somebody holds, against what a proof shows of the sealed one.
#pragma once

#include <cstdint>
#include <string>

#include "engine/files/descriptor.h"
#include "trial/proof/proof.h"

namespace salus::trial {

struct RecordMatch {
  bool found = false;           ///< A record of the file has every shown value.
  std::uint64_t record = 0;     ///< Which one of the file, from 0.
  std::uint64_t not_shown = 0;  ///< Variables of it of which the proof shows nothing.
};

/// Looks through `file`, which is in the canonical form that the proof's line names, for the first
/// record whose variables have all the values that are shown. `name` is for messages. Throws
/// `Error`: (usage) for a canonical form that this program does not know, (input) for what is not
/// of the format.
RecordMatch find_shown(files::Descriptor file, const std::string& canonical_form,
                       const std::string& name, const RecordProof& proof);

}  // namespace salus::trial
