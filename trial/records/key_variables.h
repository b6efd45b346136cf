// Which variables people find a record by.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trial/records/record_batch.h"

namespace salus::trial {

/// The cells of a record that name it, by the names of CDISC's models (USUBJID, --SEQ, IDVARVAL,
/// PARAMCD, ...), of ODM, FHIR and REDCap, ascending; none where none of those names is there.
std::vector<std::uint32_t> key_variables(std::span<const Cell> record);

/// "AE USUBJID=01-701-1015 AESEQ=2": for messages; control characters are escaped, long values are
/// cut.
std::string describe_key(std::string_view dataset, std::span<const Cell> record,
                         std::span<const std::uint32_t> key);

}  // namespace salus::trial
