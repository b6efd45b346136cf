#include "cli/bench/verify_workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/error.h"
#include "engine/openssl_sha256.h"

namespace salus::cli::bench {
namespace {

using engine::signature::Item;
using engine::signature::Reason;
using engine::signature::Verdicts;

constexpr std::size_t kUsualMessageBytes = 128;
constexpr std::size_t kUsualBatch = 16384;
constexpr std::size_t kUsualKeys = 1000;
constexpr std::array<std::size_t, 9> kSweep = {1, 4, 16, 64, 256, 1024, 4096, 16384, 65536};

/// Larger batches have each item several times: signing takes longer than verifying.
constexpr std::size_t kMostItems = 4096;
constexpr std::size_t kLeastItems = 256;
constexpr std::size_t kMostMessageBytes = std::size_t{1} << 30;  ///< Of all items together.

/// Made when it is first asked for; batches of several sizes share it.
class LazyPool {
 public:
  LazyPool(SignatureMix mix, std::size_t count) : mix_(std::move(mix)), count_(count) {}
  const SignaturePool& get() {
    if (!pool_) pool_.emplace(mix_, count_);
    return *pool_;
  }
  [[nodiscard]] const SignatureMix& mix() const { return mix_; }

 private:
  SignatureMix mix_;
  std::size_t count_;
  std::optional<SignaturePool> pool_;
};

class Verifying final : public Workload {
 public:
  Verifying(std::shared_ptr<LazyPool> pool, std::size_t batch)
      : pool_(std::move(pool)), batch_(batch) {}

  std::string name() const override {
    const SignatureMix& mix = pool_->mix();
    std::string name = fmt::format("verify/{}-{}", mix.algorithm, batch_);
    if (mix.keys) name += fmt::format("-{}-keys", *mix.keys);
    if (mix.message_bytes != kUsualMessageBytes) name += fmt::format("-{}-B", mix.message_bytes);
    if (mix.bad != 0) name += fmt::format("-{}-bad", mix.bad);
    return name;
  }
  std::string description() const override {
    const SignatureMix& mix = pool_->mix();
    return fmt::format("{} signatures over {} bytes by {}, {} at a time{}", mix.algorithm,
                       mix.message_bytes,
                       mix.keys ? fmt::format("{} known keys", *mix.keys) : "keys of their own",
                       batch_, mix.bad == 0 ? "" : fmt::format(", {} % bad", 100 * mix.bad));
  }
  engine::Job job() const override { return engine::Job::verify; }
  Unit unit() const override { return Unit::signatures; }
  std::optional<std::size_t> batch() const override { return batch_; }

  /// Those of its algorithms, without their names where there is one algorithm only.
  std::string kernel_among(const std::vector<std::string>& kernels) const override {
    std::string text;
    for (const std::string& kernel : kernels) {
      const bool is_ours = kernel.starts_with(pool_->mix().algorithm + " ");
      if (is_ours) return kernel.substr(pool_->mix().algorithm.size() + 1);
      if (kernel.starts_with("ed25519 ") || kernel.starts_with("p256 "))
        text += (text.empty() ? "" : ", ") + kernel;
    }
    return text.empty() ? Workload::kernel_among(kernels) : text;
  }

  void prepare(Subject& subject) override {
    const SignaturePool& pool = pool_->get();
    if (items_.empty())
      for (std::size_t i = 0; i < pool.size() + batch_; ++i)
        items_.push_back(pool.item(i % pool.size()));
    subject.prepare_verify(pool.known_keys());
  }

  double run(Subject& subject, double amount) override {
    const auto batches = std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(std::llround(amount / static_cast<double>(batch_))));
    for (std::uint64_t i = 0; i < batches; ++i) {
      begin_ = (begin_ + batch_) % pool_->get().size();
      verdicts_ = subject.verify(std::span(items_).subspan(begin_, batch_));
    }
    return static_cast<double>(batches * batch_);
  }

  double run_reference(double amount) override {
    const SignaturePool& pool = pool_->get();
    const auto count = static_cast<std::uint64_t>(std::ceil(amount));
    for (std::uint64_t i = 0; i < count; ++i) {
      reference_at_ = (reference_at_ + 1) % pool.size();
      if (pool.openssl_accepts(reference_at_) != (pool.expected(reference_at_) == Reason::valid))
        throw Error(ErrorKind::system, "OpenSSL contradicts itself about a signature");
    }
    return static_cast<double>(count);
  }

  Digest check(Subject& subject) override {
    const SignaturePool& pool = pool_->get();
    compare(subject, verdicts_, begin_);
    const Verdicts all = subject.verify(std::span(items_).first(pool.size()));
    compare(subject, all, 0);
    std::vector<std::uint8_t> reasons;
    for (std::size_t i = 0; i < all.size(); ++i)
      reasons.push_back(static_cast<std::uint8_t>(all.reason(i)));
    return openssl_sha256(reasons);
  }

 private:
  void compare(const Subject& subject, const Verdicts& verdicts, std::size_t begin) const {
    const SignaturePool& pool = pool_->get();
    for (std::size_t i = 0; i < verdicts.size(); ++i)
      if (verdicts.reason(i) != pool.expected((begin + i) % pool.size()))
        throw Error(ErrorKind::device,
                    fmt::format("{}: wrong answer in {}: signature {} is {}, OpenSSL says {}",
                                subject.info().device, name(), i, to_string(verdicts.reason(i)),
                                to_string(pool.expected((begin + i) % pool.size()))));
  }

  std::shared_ptr<LazyPool> pool_;
  std::size_t batch_;
  std::vector<Item> items_;  ///< The pool's, and its first ones again, so that batches may wrap.
  std::size_t begin_ = 0;    ///< Of the last batch.
  Verdicts verdicts_{0};     ///< Of the last batch.
  std::size_t reference_at_ = 0;
};

using Workloads = std::vector<std::unique_ptr<Workload>>;

void append(Workloads& workloads, const SignatureMix& mix, std::span<const std::size_t> batches) {
  const std::size_t largest = *std::ranges::max_element(batches);
  const std::size_t room = kMostMessageBytes / std::max<std::size_t>(mix.message_bytes, 1);
  const std::size_t keys = mix.keys.value_or(0);
  if (keys > room)
    throw Error(ErrorKind::usage,
                fmt::format("{} keys sign more than {} bytes together: ask for fewer or for "
                            "shorter messages",
                            keys, kMostMessageBytes));
  const std::size_t count =
      std::max(std::min(std::clamp(largest, kLeastItems, kMostItems), room), keys);
  const auto pool = std::make_shared<LazyPool>(mix, count);
  for (const std::size_t batch : batches)
    workloads.push_back(std::make_unique<Verifying>(pool, batch));
}

std::vector<SignatureMix> mixes(const VerifyWork& work) {
  if (!work.mix.algorithm.empty()) return {work.mix};
  std::vector<SignatureMix> both(2, work.mix);
  both[0].algorithm = "ed25519";
  both[1].algorithm = "p256";
  return both;
}

}  // namespace

Workloads verify_workloads(const VerifyWork& work) {
  std::vector<std::size_t> batches(kSweep.begin(), kSweep.end());
  if (work.batch) batches = {*work.batch};
  Workloads workloads;
  for (const SignatureMix& mix : mixes(work)) append(workloads, mix, batches);
  return workloads;
}

Workloads typical_verify_workloads(const VerifyWork& work) {
  const std::array<std::size_t, 1> batch = {work.batch.value_or(kUsualBatch)};
  Workloads workloads;
  for (SignatureMix mix : mixes(work)) {
    if (!mix.keys) append(workloads, mix, batch);
    mix.keys = mix.keys.value_or(kUsualKeys);
    append(workloads, mix, batch);
  }
  return workloads;
}

}  // namespace salus::cli::bench
