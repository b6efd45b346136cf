// The CPU device: the jobs of `Device` over the best variants and all usable cores.
#pragma once

#include "engine/cpu/cpu_backend.h"
#include "engine/cpu/thread_pool.h"
#include "engine/cpu/variant_choice.h"

namespace salus::engine::cpu {

class CpuDevice final : public Device {
 public:
  /// Throws `Error` (usage) when the forced variant is unknown or cannot run here.
  explicit CpuDevice(const CpuOptions& options);

  [[nodiscard]] const DeviceInfo& info() const override { return info_; }
  [[nodiscard]] std::vector<Variant> variants() override;

  // cpu_device.cpp
  [[nodiscard]] std::vector<Candidate> scan(const kernels::MineParams& params,
                                            const ScanRange& range) override;
  // cpu_hash.cpp
  void hash_many(const MessageView& messages, std::optional<std::uint8_t> prefix,
                 std::span<Digest> out) override;
  // cpu_merkle.cpp
  Digest merkle_reduce(TreeKind kind, std::span<const Digest> leaves,
                       std::span<Digest> levels) override;
  Digest merkle_root(TreeKind kind, const MessageView& entries) override;
  // cpu_verify.cpp
  [[nodiscard]] bool can(Job /*job*/) const override { return true; }
  [[nodiscard]] bool is_concurrent(Job job) const override { return job == Job::verify; }
  void verify_signatures(std::span<const signature::Item> items,
                         std::span<signature::Reason> out) override;

 private:
  CpuOptions options_;
  DeviceInfo info_;
  ThreadPool pool_;
};

}  // namespace salus::engine::cpu
