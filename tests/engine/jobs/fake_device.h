// A device that computes on the host, one item at a time, and fails on demand.
#pragma once

#include <atomic>
#include <functional>

#include "engine/device.h"

namespace salus::engine {

class FakeDevice : public Device {
 public:
  /// How often the device was asked to do something; shared, since the engine owns the device.
  struct Faults {
    std::atomic<int> calls = 0;
    /// Called before each job; may throw what the device is to throw, or wait.
    std::function<void(int call)> before;
    bool wrong_digests = false;  ///< Every digest and root has a bit flipped.
    bool finds_nothing = false;  ///< A scan overlooks every candidate.
    bool invents_hits = false;   ///< A scan reports a nonce that is none.
    bool accepts_all = false;    ///< Every signature is valid.
    bool stops_early = false;    ///< The last signature of a call is left undecided.
    bool cannot_verify = false;  ///< It has no kernels for signatures.
    std::uint64_t key_cache_bytes = ~std::uint64_t{0};  ///< As the engine set it.
    std::size_t registered_keys = 0;
  };

  FakeDevice(unsigned index, std::shared_ptr<Faults> faults, Backend backend = Backend::cuda);

  [[nodiscard]] const DeviceInfo& info() const override { return info_; }
  [[nodiscard]] std::vector<Variant> variants() override { return {}; }
  [[nodiscard]] std::vector<Candidate> scan(const kernels::MineParams& params,
                                            const ScanRange& range) override;
  void hash_many(const MessageView& messages, std::optional<std::uint8_t> prefix,
                 std::span<Digest> out) override;
  Digest merkle_reduce(TreeKind kind, std::span<const Digest> leaves,
                       std::span<Digest> levels) override;
  Digest merkle_root(TreeKind kind, const MessageView& entries) override;
  [[nodiscard]] bool can(Job job) const override;
  void verify_signatures(std::span<const signature::Item> items,
                         std::span<signature::Reason> out) override;
  void limit_key_cache(std::uint64_t bytes) override { faults_->key_cache_bytes = bytes; }
  void register_keys(std::span<const signature::KeyView> keys) override;

 private:
  void begin_call();

  DeviceInfo info_;
  std::shared_ptr<Faults> faults_;
};

}  // namespace salus::engine
