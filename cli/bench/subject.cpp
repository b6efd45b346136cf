#include "cli/bench/subject.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/implementations.h"
#include "engine/reference/sample_data.h"

namespace salus::cli::bench {
namespace {

using engine::Candidate;
using engine::sample_header;
using engine::sample_versions;

/// A target that no header meets.
const pow::Target kNever{};

constexpr std::uint64_t kNonces = std::uint64_t{1} << 32;

/// Verification goes through the engine even for a single device: the form of items is looked at on
/// the host, which belongs to the work.
class SignatureEngine {
 public:
  explicit SignatureEngine(engine::EngineOptions options) : options_(std::move(options)) {}

  void prepare(std::span<const engine::signature::KeyView> known_keys) {
    options_.key_cache_bytes.reset();
    if (known_keys.empty()) options_.key_cache_bytes = 0;
    engine_.emplace(options_);
    engine_->register_keys(known_keys);
  }
  engine::signature::Verdicts verify(std::span<const engine::signature::Item> items) {
    return engine_.value().verify_batch(items);
  }

 private:
  engine::EngineOptions options_;
  std::optional<engine::Engine> engine_;
};

class DeviceSubject final : public Subject {
 public:
  DeviceSubject(const std::string& id, const engine::CpuOptions& cpu,
                std::span<const engine::Job> jobs, const std::string& implementation)
      : device_(implementation.empty() ? engine::open_device(id, cpu)
                                       : engine::open_implementation(id, implementation)),
        jobs_(jobs.begin(), jobs.end()),
        signatures_({.devices = id, .cpu = cpu}) {
    const engine::DeviceInfo& device = device_->info();
    info_.device = device.id();
    info_.name = device.name;
    info_.driver = device.driver;
    info_.pci_bus_id = device.pci_bus_id;
    info_.forced_variant = implementation;
    if (device.backend != engine::Backend::cpu) return;
    info_.forced_variant = cpu.variant;
    if (!cpu.verify_variant.empty())
      info_.forced_variant += (cpu.variant.empty() ? "" : "+") + cpu.verify_variant;
    info_.threads = cpu.threads != 0 ? cpu.threads : device.compute_units;
  }

  const SubjectInfo& info() const override { return info_; }

  bool can(engine::Job job) const override {
    return device_->can(job) && std::ranges::find(jobs_, job) != jobs_.end();
  }

  std::vector<std::string> kernels(engine::Job job) override {
    std::vector<std::string> names;
    for (const engine::Variant& variant : device_->variants())
      if (variant.job == job) names.push_back(variant.name);
    return names;
  }

  void scan(std::uint64_t nonce_count, unsigned version_count) override {
    (void)device_->scan(params(version_count, kNever), {0, nonce_count, version_count});
  }

  std::vector<Candidate> hits(std::uint64_t nonce_count, unsigned version_count,
                              const pow::Target& target) override {
    const std::vector<std::uint32_t> versions = sample_versions(version_count);
    std::vector<Candidate> first;
    for (const Candidate& candidate :
         device_->scan(params(version_count, target), {0, nonce_count, version_count})) {
      pow::Header header = sample_header();
      header.version = versions[candidate.version_index];
      header.nonce = candidate.nonce;
      const bool same_nonce = !first.empty() && first.back().nonce == candidate.nonce;
      if (!same_nonce && pow::meets(header, target)) first.push_back(candidate);
    }
    return first;
  }

  void hash(const engine::MessageView& messages, std::span<Digest> out) override {
    device_->hash_many(messages, std::nullopt, out);
  }

  Digest root(engine::TreeKind kind, const engine::MessageView& entries) override {
    return device_->merkle_root(kind, entries);
  }

  void prepare_verify(std::span<const engine::signature::KeyView> known_keys) override {
    signatures_.prepare(known_keys);
  }

  engine::signature::Verdicts verify(std::span<const engine::signature::Item> items) override {
    return signatures_.verify(items);
  }

 private:
  static kernels::MineParams params(unsigned version_count, const pow::Target& target) {
    return pow::make_mine_params(sample_header(), sample_versions(version_count), target);
  }

  std::unique_ptr<engine::Device> device_;
  std::vector<engine::Job> jobs_;
  SignatureEngine signatures_;
  SubjectInfo info_;
};

class EngineSubject final : public Subject {
 public:
  explicit EngineSubject(const engine::EngineOptions& options)
      : engine_(options), signatures_(options) {
    info_.device = options.devices;
    for (const engine::DeviceInfo& device : engine_.devices())
      info_.name += (info_.name.empty() ? "" : " + ") + device.id();
  }

  const SubjectInfo& info() const override { return info_; }

  bool can(engine::Job) const override { return true; }

  std::vector<std::string> kernels(engine::Job) override { return {info_.name}; }

  void scan(std::uint64_t nonce_count, unsigned version_count) override {
    engine::MineRequest request = sample_request(version_count, kNever);
    // The search ends with the nonces: begin so far from their end.
    request.nonce_begin = static_cast<std::uint32_t>(kNonces - nonce_count);
    (void)engine_.mine(request);
  }

  std::vector<Candidate> hits(std::uint64_t nonce_count, unsigned version_count,
                              const pow::Target& target) override {
    const std::vector<std::uint32_t> versions = sample_versions(version_count);
    engine::MineRequest request = sample_request(version_count, target);
    std::vector<Candidate> found;
    while (true) {
      const engine::MineResult result = engine_.mine(request);
      if (!result.header || result.header->nonce >= nonce_count) return found;
      Candidate candidate{result.header->nonce, 0};
      while (versions[candidate.version_index] != result.header->version) ++candidate.version_index;
      found.push_back(candidate);
      request.nonce_begin = candidate.nonce + 1;
    }
  }

  void hash(const engine::MessageView& messages, std::span<Digest> out) override {
    engine_.hash_many(messages, out);
  }

  Digest root(engine::TreeKind kind, const engine::MessageView& entries) override {
    return engine_.merkle_root(kind, entries);
  }

  void prepare_verify(std::span<const engine::signature::KeyView> known_keys) override {
    signatures_.prepare(known_keys);
  }

  engine::signature::Verdicts verify(std::span<const engine::signature::Item> items) override {
    return signatures_.verify(items);
  }

 private:
  static engine::MineRequest sample_request(unsigned version_count, const pow::Target& target) {
    engine::MineRequest request;
    request.header = sample_header();
    request.target = target;
    request.version_mask = sample_versions(version_count).back() & ~sample_header().version;
    return request;
  }

  engine::Engine engine_;
  SignatureEngine signatures_;
  SubjectInfo info_;
};

}  // namespace

std::unique_ptr<Subject> device_subject(const std::string& id, const engine::CpuOptions& cpu,
                                        std::span<const engine::Job> jobs,
                                        const std::string& implementation) {
  return std::make_unique<DeviceSubject>(id, cpu, jobs, implementation);
}

std::unique_ptr<Subject> engine_subject(const engine::EngineOptions& options) {
  return std::make_unique<EngineSubject>(options);
}

}  // namespace salus::cli::bench
