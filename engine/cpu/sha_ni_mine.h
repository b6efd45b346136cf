// The header scan by SHA-NI.
#pragma once

#include "engine/cpu/variant.h"

namespace salus::engine::cpu::sha_ni {

/// CpuVariant::scan.
void scan(const kernels::MineParams& params, const ScanRange& range, std::vector<Candidate>& out);

}  // namespace salus::engine::cpu::sha_ni
