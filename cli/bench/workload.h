// The pieces of work that are timed. Each can be done by a subject and by OpenSSL on one core, and
// its results can be compared.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/bench/subject.h"
#include "cli/units.h"

namespace salus::cli::bench {

class Workload {
 public:
  virtual ~Workload() = default;

  /// Stable name, the key of rows in recorded results: "mine/8-versions".
  [[nodiscard]] virtual std::string name() const = 0;
  [[nodiscard]] virtual std::string description() const = 0;
  [[nodiscard]] virtual engine::Job job() const = 0;
  [[nodiscard]] virtual Unit unit() const = 0;

  /// Items in one call, where that is a matter of choice; nothing otherwise.
  [[nodiscard]] virtual std::optional<std::size_t> batch() const { return std::nullopt; }

  /// Which of a subject's kernels for the job does this work.
  [[nodiscard]] virtual std::string kernel_among(const std::vector<std::string>& kernels) const {
    return kernels.empty() ? "" : kernels.front();
  }

  /// Called once for each subject, before anything is timed.
  virtual void prepare(Subject& /*subject*/) {}

  /// Does about `amount` of work, at least one whole piece of it; how much it was.
  virtual double run(Subject& subject, double amount) = 0;
  /// The same by OpenSSL on the calling thread.
  virtual double run_reference(double amount) = 0;

  /// SHA-256 over the results of a fixed piece of this work: the same on every device. Compares the
  /// results, one by one, with OpenSSL's; throws `Error` (device) when one differs. What the last
  /// `run` left is compared too where the work leaves something.
  virtual Digest check(Subject& subject) = 0;
};

/// "mine", "hash", "merkle", or "all" of them.
std::vector<std::unique_ptr<Workload>> make_hash_workloads(const std::string& which);

}  // namespace salus::cli::bench
