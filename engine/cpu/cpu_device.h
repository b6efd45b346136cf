// The CPU device: the jobs of `Device` over the best variants and all usable cores.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "engine/cpu/cpu_backend.h"
#include "engine/cpu/thread_pool.h"
#include "engine/cpu/variant_choice.h"
#include "engine/signature/cpu/verifier.h"

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
  [[nodiscard]] bool is_concurrent(Job /*job*/) const override { return true; }
  void verify_signatures(std::span<const signature::Item> items,
                         std::span<signature::Reason> out) override;
  void limit_key_cache(std::uint64_t bytes) override { key_cache_bytes_ = bytes; }
  void register_keys(std::span<const signature::KeyView> keys) override;

 private:
  signature::cpu::Verifier& verifier();

  CpuOptions options_;
  DeviceInfo info_;
  ThreadPool pool_;
  std::optional<std::uint64_t> key_cache_bytes_;
  std::once_flag verifier_made_;
  std::unique_ptr<signature::cpu::Verifier> verifier_;  // made when it is first needed
};

}  // namespace salus::engine::cpu
