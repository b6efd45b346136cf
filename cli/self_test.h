// Whether a device's kernels give the right answers: each is run on made-up input of awkward sizes
// and compared with OpenSSL, value by value.
#pragma once

#include <cstdint>
#include <functional>
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

// Never throw for what the device does: a device that fails has a result that says so. Each takes
// well under a second on a CPU.

/// Mining, hashing and trees.
std::vector<SelfTestResult> self_test(engine::Device& device);

/// Signatures, for a device that can verify them.
std::vector<SelfTestResult> self_test_signatures(engine::Device& device);

/// Runs one check, which says how many values it compared and throws on the first wrong one.
SelfTestResult run_self_test(const std::string& kernel, engine::Device& device,
                             const std::function<std::uint64_t(engine::Device&)>& check);

}  // namespace salus::cli
