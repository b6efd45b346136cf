// Batch verification on all cores.
#include <algorithm>
#include <cassert>

#include "engine/cpu/cpu_device.h"
#include "engine/signature/verify_batch.h"

namespace salus::engine::cpu {
namespace {

/// Items a part: full lanes and a shared inversion, and little enough that threads end together.
constexpr std::size_t kItemsPerPart = 256;

}  // namespace

void CpuDevice::verify_signatures(std::span<const signature::Item> items,
                                  std::span<signature::Reason> out) {
  assert(out.size() == items.size());
  const auto verify_part = [&](std::size_t part) {
    const std::size_t first = part * kItemsPerPart;
    const std::size_t count = std::min(kItemsPerPart, items.size() - first);
    const signature::Verdicts verdicts = signature::verify_batch(items.subspan(first, count));
    for (std::size_t i = 0; i < count; ++i) out[first + i] = verdicts.reason(i);
  };
  if (items.empty()) return;
  if (items.size() <= kItemsPerPart) return verify_part(0);
  pool_.run((items.size() + kItemsPerPart - 1) / kItemsPerPart, verify_part);
}

}  // namespace salus::engine::cpu
