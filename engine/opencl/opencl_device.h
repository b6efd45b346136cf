// The OpenCL device as the engine sees it.
#pragma once

#include "engine/device.h"
#include "engine/opencl/hasher.h"
#include "engine/opencl/merkle_reducer.h"
#include "engine/opencl/scanner.h"
#include "engine/opencl/signature_verifier.h"
#include "engine/opencl/tuning.h"

#include <filesystem>

namespace salus::engine::opencl {

/// What tests and benchmarks may set; the defaults are what the engine uses.
struct OpenClOptions {
  std::string layout;  ///< Of `layout_names`; empty lets a measurement decide.
  unsigned lanes = 0;  ///< 1, 4, 8 or 16: the measurement is between layouts with so many.
  std::uint32_t hit_capacity = 4096;  ///< Candidates that fit into one launch's buffer.
  std::size_t staging_bytes = 0;      ///< Bytes hashed in one launch; 0 takes them from the device.
  unsigned chunk_levels = 0;          ///< See MerkleReducer; 0 takes them from the device.
  std::filesystem::path cache_folder = ProgramCache::default_folder();
};

class OpenClDevice final : public Device {
 public:
  /// Builds the kernels and tests them. Throws `Error` (device).
  OpenClDevice(ListedDevice listed, const OpenClOptions& options);
  ~OpenClDevice() override;
  OpenClDevice(const OpenClDevice&) = delete;
  OpenClDevice& operator=(const OpenClDevice&) = delete;

  [[nodiscard]] const DeviceInfo& info() const override { return context_.listed.info; }
  [[nodiscard]] std::vector<Variant> variants() override;
  [[nodiscard]] std::vector<Candidate> scan(const kernels::MineParams& params,
                                            const ScanRange& range) override;
  void hash_many(const MessageView& messages, std::optional<std::uint8_t> prefix,
                 std::span<Digest> out) override;
  Digest merkle_reduce(TreeKind kind, std::span<const Digest> leaves,
                       std::span<Digest> levels) override;
  Digest merkle_root(TreeKind kind, const MessageView& entries) override;
  [[nodiscard]] bool can(Job /*job*/) const override { return true; }
  void verify_signatures(std::span<const signature::Item> items,
                         std::span<signature::Reason> out) override;
  void limit_key_cache(std::uint64_t bytes) override { key_cache_bytes_ = bytes; }
  void register_keys(std::span<const signature::KeyView> keys) override;

  /// Whether every program came from the cache.
  [[nodiscard]] bool from_cache() const { return from_cache_; }

 private:
  template <typename Work>
  decltype(auto) run(Work&& work);
  void drain() noexcept;
  SignatureVerifier& verifier();

  DeviceContext context_;
  ProgramCache cache_;
  Tuning tuning_;
  bool from_cache_ = false;
  std::unique_ptr<Scanner> scanner_;
  std::unique_ptr<Hasher> hasher_;
  std::unique_ptr<MerkleReducer> merkle_;
  std::uint64_t key_cache_bytes_;
  std::unique_ptr<SignatureVerifier> verifier_;  ///< Made at the first verification.
};

/// The layouts between which device `index` of those that `find_devices` lists is measured. Throws
/// `Error` (device).
std::vector<std::string> layout_names(unsigned index);

/// Opens device `index` of those that `find_devices` lists. Throws `Error` (usage, device).
std::unique_ptr<OpenClDevice> open_device(unsigned index, const OpenClOptions& options);

}  // namespace salus::engine::opencl
