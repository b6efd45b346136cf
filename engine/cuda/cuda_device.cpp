#include "engine/cuda/cuda_device.h"

#include <fmt/format.h>

#include <utility>

#include "engine/cuda/known_answers.h"
#include "engine/error.h"

namespace salus::engine::cuda {
namespace {

/// Of the device's memory, what tables of keys may take up.
constexpr std::uint64_t kShareForKeys = 8;

}  // namespace

template <class Run>
auto CudaDevice::job(const Run& run) {
  if (!lost_.empty()) throw Error(ErrorKind::device, info_.id() + " was lost: " + lost_);
  try {
    make_current();
    return run();
  } catch (const Error& error) {
    recover();
    if (error.kind() != ErrorKind::device) throw;
    throw Error(ErrorKind::device, info_.id() + ": " + error.what());
  } catch (...) {
    recover();
    throw;
  }
}

CudaDevice::CudaDevice(DeviceInfo info, const Sizes& sizes, const std::string& form)
    : info_(std::move(info)),
      sizes_(sizes),
      hashes_(!hash_choices(form).empty()),
      key_cache_bytes_(info_.memory_bytes / kShareForKeys),
      feed_(sizes, compute_),
      miner_(sizes, compute_),
      hasher_(compute_, feed_),
      reducer_(sizes, compute_, feed_),
      tuner_(sizes, compute_, form) {
  if (mine_choices(SALUS_MINE_MAX_VERSIONS, form).empty())
    throw Error(ErrorKind::usage, fmt::format("{} has no form \"{}\"", info_.id(), form));
  job([&] { run_known_answers(miner_, hasher_, reducer_); });
}

CudaDevice::~CudaDevice() {
  // Buffers and streams belong to this device's context; freeing waits for what uses them.
  static_cast<void>(cudaSetDevice(static_cast<int>(info_.index)));
  static_cast<void>(cudaDeviceSynchronize());
}

void CudaDevice::make_current() {
  check(cudaSetDevice(static_cast<int>(info_.index)), "choose the device");
}

void CudaDevice::recover() noexcept {
  static_cast<void>(cudaDeviceSynchronize());
  static_cast<void>(cudaGetLastError());
  // An error that the context survives is over by now; any other is what every call returns.
  const cudaError_t now = cudaFree(nullptr);
  if (now != cudaSuccess) lost_ = cudaGetErrorName(now);
}

const Tuned<MineChoice>& CudaDevice::tuned_mine(unsigned versions) {
  auto& tuned = versions == 1 ? mine_one_ : mine_rolling_;
  if (!tuned) tuned = tuner_.mine(versions == 1 ? 1 : SALUS_MINE_MAX_VERSIONS);
  return *tuned;
}

const Tuned<HashChoice>& CudaDevice::tuned_hash() {
  if (!hash_) hash_ = tuner_.hash();
  return *hash_;
}

const Tuned<HashChoice>& CudaDevice::tuned_merkle() {
  if (!merkle_) merkle_ = tuner_.merkle();
  return *merkle_;
}

bool CudaDevice::can(Job job) const { return hashes_ || (job != Job::hash && job != Job::merkle); }

std::vector<Variant> CudaDevice::variants() {
  return job([&] {
    const Tuned<MineChoice>& rolling = tuned_mine(SALUS_MINE_MAX_VERSIONS);
    const Tuned<MineChoice>& one = tuned_mine(1);
    std::vector<Variant> variants{
        {Job::mine, "8 versions: " + rolling.choice.name(), rolling.reason},
        {Job::mine, "1 version: " + one.choice.name(), one.reason},
        {Job::verify, "carry chains", "one signature a thread"}};
    if (hashes_) {
      variants.push_back({Job::hash, tuned_hash().choice.name(), tuned_hash().reason});
      variants.push_back({Job::merkle, tuned_merkle().choice.name(), tuned_merkle().reason});
    }
    return variants;
  });
}

std::vector<Candidate> CudaDevice::scan(const kernels::MineParams& params, const ScanRange& range) {
  return job([&] { return miner_.scan(tuned_mine(range.version_count).choice, params, range); });
}

void CudaDevice::hash_many(const MessageView& messages, std::optional<std::uint8_t> prefix,
                           std::span<Digest> out) {
  job([&] { hasher_.hash_many(tuned_hash().choice, messages, prefix, out); });
}

Digest CudaDevice::merkle_reduce(TreeKind kind, std::span<const Digest> leaves,
                                 std::span<Digest> levels) {
  return job([&] {
    const HashChoice& choice = tuned_merkle().choice;
    if (!levels.empty()) return reducer_.root_and_levels(choice, kind, leaves, levels);
    const Bytes bytes(reinterpret_cast<const std::uint8_t*>(leaves.data()), leaves.size_bytes());
    return reducer_.root(choice, kind, MessageView::fixed(bytes, sizeof(Digest)), false);
  });
}

Digest CudaDevice::merkle_root(TreeKind kind, const MessageView& entries) {
  return job([&] {
    return reducer_.root(tuned_merkle().choice, kind, entries, kind == TreeKind::rfc9162);
  });
}

SignatureVerifier& CudaDevice::verifier() {
  if (!verifier_) verifier_.emplace(sizes_, compute_, key_cache_bytes_);
  return *verifier_;
}

void CudaDevice::verify_signatures(std::span<const signature::Item> items,
                                   std::span<signature::Reason> out) {
  job([&] { verifier().verify(items, out); });
}

void CudaDevice::register_keys(std::span<const signature::KeyView> keys) {
  job([&] { verifier().register_keys(keys); });
}

}  // namespace salus::engine::cuda
