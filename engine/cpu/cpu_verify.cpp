// Batch verification on all cores.
#include <algorithm>
#include <cassert>
#include <vector>

#include "engine/cpu/cpu_device.h"

namespace salus::engine::cpu {
namespace {

/// Items a part: full lanes and a shared inversion, and little enough that threads end together.
constexpr std::size_t kItemsPerPart = 256;
/// Bytes a part: messages may take longer to hash than signatures to verify.
constexpr std::size_t kBytesPerPart = std::size_t{4} << 20;
/// Fewer are verified on the calling thread, beside those of other callers: waking threads for them
/// would take as long.
constexpr std::size_t kFewItems = 128;

/// Where parts of about equal work begin, and the end.
std::vector<std::size_t> split(std::span<const signature::Item> items) {
  std::vector<std::size_t> begins{0};
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i - begins.back() == kItemsPerPart || bytes >= kBytesPerPart) {
      begins.push_back(i);
      bytes = 0;
    }
    bytes += items[i].message.size();
  }
  begins.push_back(items.size());
  return begins;
}

}  // namespace

signature::cpu::Verifier& CpuDevice::verifier() {
  std::call_once(verifier_made_, [this] {
    verifier_ = std::make_unique<signature::cpu::Verifier>(options_, key_cache_bytes_);
  });
  return *verifier_;
}

void CpuDevice::verify_signatures(std::span<const signature::Item> items,
                                  std::span<signature::Reason> out) {
  assert(out.size() == items.size());
  const std::vector<std::size_t> begins = split(items);
  if (items.size() < kFewItems && begins.size() == 2) return verifier().verify(items, out);
  signature::cpu::Verifier& shared = verifier();
  pool_.run(begins.size() - 1, [&](std::size_t part) {
    const std::size_t first = begins[part];
    const std::size_t count = begins[part + 1] - first;
    shared.verify(items.subspan(first, count), out.subspan(first, count));
  });
}

void CpuDevice::register_keys(std::span<const signature::KeyView> keys) {
  verifier().add_keys(keys);
}

}  // namespace salus::engine::cpu
