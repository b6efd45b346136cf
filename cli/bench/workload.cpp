#include "cli/bench/workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "engine/reference/reference.h"
#include "engine/reference/sample_data.h"

namespace salus::cli::bench {
namespace {

using engine::Candidate;
using engine::Job;
using engine::MessageView;
using engine::reference_hash;
using engine::reference_root;
using engine::reference_scan;
using engine::sample_bytes;
using engine::sample_header;
using engine::sample_versions;
using engine::TreeKind;

[[noreturn]] void wrong_answer(const Subject& subject, const std::string& workload) {
  throw Error(ErrorKind::device,
              fmt::format("{}: wrong answer in {}: results differ from OpenSSL's",
                          subject.info().device, workload));
}

/// How often a piece of work of size `piece` has to be done to make `amount`.
std::uint64_t repeats(double amount, double piece) {
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(amount / piece)));
}

class Mining final : public Workload {
 public:
  explicit Mining(unsigned versions) : versions_(versions) {}

  std::string name() const override {
    return fmt::format("mine/{}-version{}", versions_, versions_ > 1 ? "s" : "");
  }
  std::string description() const override {
    return fmt::format(
        "SHA-256d header scan, {}",
        versions_ > 1 ? fmt::format("{} versions rolled", versions_) : "fixed version");
  }
  Job job() const override { return Job::mine; }
  Unit unit() const override { return Unit::hashes; }

  /// A device with a kernel of its own for each number of versions says so in front of its name.
  std::string kernel_among(const std::vector<std::string>& kernels) const override {
    const std::string ours = fmt::format("{} version{}: ", versions_, versions_ > 1 ? "s" : "");
    for (const std::string& kernel : kernels)
      if (kernel.starts_with(ours)) return kernel.substr(ours.size());
    return Workload::kernel_among(kernels);
  }

  double run(Subject& subject, double amount) override {
    const std::uint64_t nonces = std::clamp<std::uint64_t>(
        static_cast<std::uint64_t>(amount / versions_), kLeastNonces, kMostNonces);
    subject.scan(nonces, versions_);
    return static_cast<double>(nonces * versions_);
  }

  double run_reference(double amount) override {
    const std::uint64_t nonces = repeats(amount, versions_);
    (void)reference_scan(sample_header(), sample_versions(versions_), ~std::uint32_t{0},
                         {0, nonces, versions_});
    return static_cast<double>(nonces * versions_);
  }

  Digest check(Subject& subject) override {
    const std::uint64_t nonces = kCheckedHashes / versions_;
    const pow::Target target = ~pow::Target{} >> kCheckedZeroBits;
    if (expected_.empty()) {
      // The target is a power of two less one, so its reject mask passes hits only.
      for (const Candidate& hit : reference_scan(sample_header(), sample_versions(versions_),
                                                 pow::reject_mask(target), {0, nonces, versions_}))
        if (expected_.empty() || expected_.back().nonce != hit.nonce) expected_.push_back(hit);
    }
    const std::vector<Candidate> found = subject.hits(nonces, versions_, target);
    if (found != expected_) wrong_answer(subject, name());
    return openssl_sha256(
        {reinterpret_cast<const std::uint8_t*>(found.data()), found.size() * sizeof(Candidate)});
  }

 private:
  static constexpr std::uint64_t kLeastNonces = 4096;
  static constexpr std::uint64_t kMostNonces = std::uint64_t{1} << 32;
  /// About 64 hits, and a third of a second's work for OpenSSL.
  static constexpr std::uint64_t kCheckedHashes = 1 << 20;
  static constexpr unsigned kCheckedZeroBits = 14;

  unsigned versions_;
  std::vector<Candidate> expected_;
};

class Hashing final : public Workload {
 public:
  explicit Hashing(std::size_t length)
      : length_(length), data_(sample_bytes(kTotalBytes, length)), out_(kTotalBytes / length) {}

  std::string name() const override { return fmt::format("hash/{}-KiB", length_ / 1024); }
  std::string description() const override {
    return fmt::format("SHA-256 of {} messages of {} KiB", out_.size(), length_ / 1024);
  }
  Job job() const override { return Job::hash; }
  Unit unit() const override { return Unit::bytes; }

  double run(Subject& subject, double amount) override {
    const std::uint64_t count = repeats(amount, kTotalBytes);
    for (std::uint64_t i = 0; i < count; ++i) subject.hash(messages(), out_);
    return static_cast<double>(count * kTotalBytes);
  }

  double run_reference(double amount) override {
    const std::size_t count =
        std::min<std::size_t>(repeats(amount, static_cast<double>(length_)), out_.size());
    std::vector<Digest> digests(count);
    reference_hash(messages().slice(0, count), std::nullopt, digests);
    return static_cast<double>(count * length_);
  }

  Digest check(Subject& subject) override {
    if (expected_.empty()) {
      expected_.resize(out_.size());
      reference_hash(messages(), std::nullopt, expected_);
    }
    if (out_ != expected_) wrong_answer(subject, name());
    return openssl_sha256({out_.front().data(), out_.size() * sizeof(Digest)});
  }

 private:
  static constexpr std::size_t kTotalBytes = std::size_t{64} << 20;

  [[nodiscard]] MessageView messages() const { return MessageView::fixed(data_, length_); }

  std::size_t length_;
  std::vector<std::uint8_t> data_;
  std::vector<Digest> out_;
  std::vector<Digest> expected_;
};

class MerkleRoot final : public Workload {
 public:
  explicit MerkleRoot(TreeKind kind)
      : kind_(kind), data_(sample_bytes(kLeaves * sizeof(Digest), 9162)) {}

  std::string name() const override {
    return kind_ == TreeKind::rfc9162 ? "merkle/rfc9162" : "merkle/bitcoin";
  }
  std::string description() const override {
    return fmt::format("{} root of {} entries of 32 bytes",
                       kind_ == TreeKind::rfc9162 ? "RFC 9162" : "Bitcoin", kLeaves);
  }
  Job job() const override { return Job::merkle; }
  Unit unit() const override { return Unit::leaves; }

  double run(Subject& subject, double amount) override {
    const std::uint64_t count = repeats(amount, kLeaves);
    for (std::uint64_t i = 0; i < count; ++i) root_ = subject.root(kind_, entries());
    return static_cast<double>(count * kLeaves);
  }

  double run_reference(double amount) override {
    const std::size_t count = std::min<std::size_t>(repeats(amount, 1), kLeaves);
    (void)reference_root(kind_, entries().slice(0, count));
    return static_cast<double>(count);
  }

  Digest check(Subject& subject) override {
    if (!expected_) expected_ = reference_root(kind_, entries());
    if (root_ != *expected_) wrong_answer(subject, name());
    return openssl_sha256(root_);
  }

 private:
  static constexpr std::size_t kLeaves = 1'000'000;

  [[nodiscard]] MessageView entries() const { return MessageView::fixed(data_, sizeof(Digest)); }

  TreeKind kind_;
  std::vector<std::uint8_t> data_;
  Digest root_{};
  std::optional<Digest> expected_;
};

}  // namespace

std::vector<std::unique_ptr<Workload>> make_hash_workloads(const std::string& which) {
  std::vector<std::unique_ptr<Workload>> workloads;
  const bool all = which == "all";
  if (all || which == "mine") {
    workloads.push_back(std::make_unique<Mining>(SALUS_MINE_MAX_VERSIONS));
    workloads.push_back(std::make_unique<Mining>(1));
  }
  if (all || which == "hash") {
    workloads.push_back(std::make_unique<Hashing>(1024));
    workloads.push_back(std::make_unique<Hashing>(16 * 1024));
  }
  if (all || which == "merkle") {
    workloads.push_back(std::make_unique<MerkleRoot>(TreeKind::rfc9162));
    workloads.push_back(std::make_unique<MerkleRoot>(TreeKind::bitcoin));
  }
  return workloads;
}

}  // namespace salus::cli::bench
