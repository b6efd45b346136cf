// Verification of signatures as pieces of work.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "cli/bench/signature_pool.h"
#include "cli/bench/workload.h"

namespace salus::cli::bench {

/// What `salus bench verify` was asked for.
struct VerifyWork {
  SignatureMix mix;                  ///< An empty `algorithm` means Ed25519, then P-256.
  std::optional<std::size_t> batch;  ///< Nothing: a sweep over sizes.
};

/// Each algorithm in batches of each size, to show latency against throughput.
std::vector<std::unique_ptr<Workload>> verify_workloads(const VerifyWork& work);

/// A few of them, for a benchmark of everything: new keys and known ones, in one size.
std::vector<std::unique_ptr<Workload>> typical_verify_workloads(const VerifyWork& work);

}  // namespace salus::cli::bench
