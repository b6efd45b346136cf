#include "engine/cpu/cpu_device.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "engine/cpu/cpu_info.h"

namespace salus::engine::cpu {
namespace {

/// Nonces a part: about a millisecond of work with all versions, so that threads end together and
/// handing out parts costs nothing.
constexpr std::uint64_t kNoncesPerPart = 1 << 13;

DeviceInfo describe(unsigned threads) {
  DeviceInfo info;
  info.backend = Backend::cpu;
  info.name = cpu_brand();
  info.vendor = cpu_vendor();
  info.memory_bytes = usable_memory();
  info.compute_units = threads;
  info.clock_mhz = cpu_clock_mhz();
  info.shares_host_cores = true;
  return info;
}

/// The name in full: "avx512 x16", "sha-ni x4".
template <class AnyVariant>
std::string full_name(const AnyVariant& variant) {
  return fmt::format("{} x{}", variant.name, variant.lanes);
}

}  // namespace

CpuDevice::CpuDevice(const CpuOptions& options)
    : options_(options),
      info_(describe(options.threads != 0 ? options.threads : usable_cores())),
      pool_(info_.compute_units) {
  if (!options.variant.empty()) variant_by_name(options.variant);
  if (!options.verify_variant.empty()) signature::cpu::require_variant(options.verify_variant);
}

std::vector<Variant> CpuDevice::variants() {
  const Choice mine = choose_for_mining(options_);
  const Choice hash = choose_for_hashing(options_);
  const Choice merkle = choose_for_merkle(options_);
  const auto verify = signature::cpu::choose_for_verifying(options_.verify_variant);
  return {{Job::mine, full_name(*mine.variant), mine.reason},
          {Job::hash, full_name(*hash.variant), hash.reason},
          {Job::merkle, full_name(*merkle.variant), merkle.reason},
          {Job::verify, "ed25519 " + full_name(*verify.ed25519.many), verify.ed25519.reason},
          {Job::verify, "p256 " + full_name(*verify.p256.many), verify.p256.reason},
          {Job::verify, verify.sha512.name, verify.sha512.reason}};
}

std::vector<Candidate> CpuDevice::scan(const kernels::MineParams& params, const ScanRange& range) {
  assert(range.nonce_begin + range.nonce_count <= std::uint64_t{1} << 32);
  assert(range.version_count >= 1 && range.version_count <= SALUS_MINE_MAX_VERSIONS);
  const CpuVariant& variant = *choose_for_mining(options_).variant;
  const std::uint64_t parts = (range.nonce_count + kNoncesPerPart - 1) / kNoncesPerPart;
  std::vector<std::vector<Candidate>> found(parts);
  pool_.run(parts, [&](std::size_t part) {
    const std::uint64_t first = part * kNoncesPerPart;
    const ScanRange share{static_cast<std::uint32_t>(range.nonce_begin + first),
                          std::min(kNoncesPerPart, range.nonce_count - first), range.version_count};
    variant.scan(params, share, found[part]);
  });
  std::vector<Candidate> out;
  for (const std::vector<Candidate>& part : found) out.insert(out.end(), part.begin(), part.end());
  return out;
}

}  // namespace salus::engine::cpu
