// A CUDA device as the engine sees it.
#pragma once

#include <optional>
#include <string>

#include "engine/cuda/hasher.h"
#include "engine/cuda/miner.h"
#include "engine/cuda/signature_verifier.h"
#include "engine/cuda/tree_reducer.h"
#include "engine/cuda/tuner.h"
#include "engine/device.h"

namespace salus::engine::cuda {

/// Once the driver reports an error that the context does not survive (a fault, a lost device),
/// every further call throws at once: only a new process can use that GPU again.
class CudaDevice final : public Device {
 public:
  /// The device has been made current. Runs the known-answer test; throws `Error` (device).
  /// With a `form`, one of `forms`, it uses kernels of that form only.
  CudaDevice(DeviceInfo info, const Sizes& sizes, const std::string& form = {});
  CudaDevice(const CudaDevice&) = delete;
  CudaDevice& operator=(const CudaDevice&) = delete;
  ~CudaDevice() override;

  [[nodiscard]] const DeviceInfo& info() const override { return info_; }
  [[nodiscard]] std::vector<Variant> variants() override;
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
  void limit_key_cache(std::uint64_t bytes) override { key_cache_bytes_ = bytes; }
  void register_keys(std::span<const signature::KeyView> keys) override;

 private:
  /// Runs a job with this device current. Whatever it throws, the device is idle afterwards.
  template <class Run>
  auto job(const Run& run);
  void make_current();
  /// Waits for what is still queued and finds out whether the context is lost.
  void recover() noexcept;

  [[nodiscard]] const Tuned<MineChoice>& tuned_mine(unsigned versions);
  [[nodiscard]] const Tuned<HashChoice>& tuned_hash();
  [[nodiscard]] const Tuned<HashChoice>& tuned_merkle();
  [[nodiscard]] SignatureVerifier& verifier();

  DeviceInfo info_;
  Sizes sizes_;
  bool hashes_;  ///< Hashing and trees have a kernel of the form asked for.
  std::uint64_t key_cache_bytes_;
  std::string lost_;  ///< The error that ended the context; empty while it lives.
  Stream compute_;
  MessageFeed feed_;
  Miner miner_;
  Hasher hasher_;
  TreeReducer reducer_;
  Tuner tuner_;
  std::optional<Tuned<MineChoice>> mine_one_;
  std::optional<Tuned<MineChoice>> mine_rolling_;
  std::optional<Tuned<HashChoice>> hash_;
  std::optional<Tuned<HashChoice>> merkle_;
  std::optional<SignatureVerifier> verifier_;  ///< Made at the first verification.
};

}  // namespace salus::engine::cuda
