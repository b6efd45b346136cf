// Bulk hashing on all cores.
#include <algorithm>
#include <cassert>
#include <vector>

#include "engine/cpu/cpu_device.h"
#include "engine/cpu/multi_hash.h"

namespace salus::engine::cpu {
namespace {

/// Bytes a part: enough that starting one costs nothing, little enough that threads end together.
constexpr std::size_t kBytesPerPart = 1 << 20;
/// A message costs at least its padding's block, however short it is.
constexpr std::size_t kBytesPerMessage = 64;

/// Where parts of about equal work begin, and the end. A part has enough messages to fill the
/// lanes, unless there are too few for all threads.
std::vector<std::size_t> split(const MessageView& messages, std::size_t lanes, unsigned threads) {
  const std::size_t count = messages.count();
  const std::size_t least = std::min(4 * lanes, (count + threads - 1) / threads);
  std::vector<std::size_t> begins{0};
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (i - begins.back() >= least && bytes >= kBytesPerPart) {
      begins.push_back(i);
      bytes = 0;
    }
    bytes += messages[i].size() + kBytesPerMessage;
  }
  begins.push_back(count);
  return begins;
}

}  // namespace

void CpuDevice::hash_many(const MessageView& messages, std::optional<std::uint8_t> prefix,
                          std::span<Digest> out) {
  assert(out.size() == messages.count());
  if (out.empty()) return;
  const HashVariants variants = choose_hash_variants(options_);
  const std::vector<std::size_t> begins = split(messages, variants.many->lanes, pool_.threads());
  pool_.run(begins.size() - 1, [&](std::size_t part) {
    const std::size_t first = begins[part];
    const std::size_t count = begins[part + 1] - first;
    hash_messages(variants, messages.slice(first, count), prefix, out.subspan(first, count));
  });
}

}  // namespace salus::engine::cpu
