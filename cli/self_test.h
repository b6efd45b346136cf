// Whether a device's kernels give the right answers: each is run on made-up input of awkward sizes
// and compared with OpenSSL, value by value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/device.h"

namespace salus::cli {

struct SelfTestResult {
  std::string kernel;          ///< "header scan, 8 versions".
  std::uint64_t compared = 0;  ///< Values compared with OpenSSL's.
  bool passed = false;
  std::string problem;  ///< What was wrong, in one line; empty when it passed.
};

/// Runs them all; takes well under a second on a CPU. Never throws for what the device does: a
/// device that fails has a result that says so.
std::vector<SelfTestResult> self_test(engine::Device& device);

}  // namespace salus::cli
