// What a benchmark measures: one device by itself, or the engine with the devices that it chose.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace salus::cli::bench {

/// How a row names what was measured.
struct SubjectInfo {
  std::string device;  ///< "cpu", "opencl:0", "cuda:0", or "auto".
  std::string name;    ///< The device's own name.
  std::string driver;
  std::string forced_variant;  ///< Implementations that were asked for; empty when chosen.
  unsigned threads = 0;        ///< CPU threads; 0 where that means nothing.
  std::string pci_bus_id;
};

class Subject {
 public:
  virtual ~Subject() = default;

  [[nodiscard]] virtual const SubjectInfo& info() const = 0;
  [[nodiscard]] virtual bool can(engine::Job job) const = 0;
  /// The kernels in use for a job, "avx512 x16"; one for each algorithm, "p256 ifma x8", where the
  /// job has several.
  [[nodiscard]] virtual std::vector<std::string> kernels(engine::Job job) = 0;

  /// Hashes `nonce_count` nonces with `version_count` versions of the sample header against a
  /// target that is as good as never met.
  virtual void scan(std::uint64_t nonce_count, unsigned version_count) = 0;
  /// Of every one of the first `nonce_count` nonces that has a hash at most `target` the first such
  /// version, ascending by nonce.
  virtual std::vector<engine::Candidate> hits(std::uint64_t nonce_count, unsigned version_count,
                                              const pow::Target& target) = 0;

  virtual void hash(const engine::MessageView& messages, std::span<Digest> out) = 0;
  virtual Digest root(engine::TreeKind kind, const engine::MessageView& entries) = 0;

  /// Called before `verify`, with the keys that will come back; none turns tables of keys off.
  virtual void prepare_verify(std::span<const engine::signature::KeyView> known_keys) = 0;
  virtual engine::signature::Verdicts verify(std::span<const engine::signature::Item> items) = 0;
};

/// A single device, for those of `jobs` that it can do, with the implementation that it chooses or
/// with this one. For "cpu" it is `cpu` that says so. Throws `Error`.
std::unique_ptr<Subject> device_subject(const std::string& id, const engine::CpuOptions& cpu,
                                        std::span<const engine::Job> jobs = engine::kAllJobs,
                                        const std::string& implementation = {});

/// The engine with devices chosen by itself. Throws `Error`.
std::unique_ptr<Subject> engine_subject(const engine::EngineOptions& options);

}  // namespace salus::cli::bench
