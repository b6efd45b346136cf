#include "engine/jobs/jobs.h"
#include "engine/jobs/placement.h"
#include "engine/jobs/range_source.h"
#include "engine/jobs/self_check.h"
#include "engine/jobs/shared_run.h"

namespace salus::engine {
namespace {

std::uint64_t total_bytes(const MessageView& messages) {
  if (messages.fixed_length() != 0) return messages.contiguous().size();
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < messages.count(); ++i) total += messages[i].size();
  return total;
}

/// Cuts messages by what hashing them costs: their bytes and a block of padding each.
ItemRange cut_messages(const MessageView& messages, std::size_t first, std::size_t end,
                       double units) {
  constexpr double kPaddingBytes = 64;
  constexpr double kFirstBytes = 1 << 20;
  const double wanted = units > 0 ? units : kFirstBytes;
  ItemRange range{first, 0, 0};
  while (first + range.count < end && (range.count == 0 || range.units < wanted)) {
    range.units += static_cast<double>(messages[first + range.count].size()) + kPaddingBytes;
    ++range.count;
  }
  return range;
}

}  // namespace

void hash_job(const JobContext& context, const MessageView& messages,
              std::optional<std::uint8_t> prefix, std::span<Digest> out) {
  const std::uint64_t bytes = total_bytes(messages);
  RangeSource source(
      messages.count(),
      [&](std::size_t first, std::size_t end, double units) {
        return cut_messages(messages, first, end, units);
      },
      context.control.progress);
  const auto work = [&](Device& device, const ItemRange& range) {
    const MessageView part = messages.slice(range.first, range.count);
    const std::span<Digest> digests = out.subspan(range.first, range.count);
    device.hash_many(part, prefix, digests);
    if (context.self_check) check_digests(device, part, prefix, digests);
  };
  SharedRun run(context.pool, Job::hash, source, work, context.control.stop);
  run.run(choose_devices(context.pool, Job::hash, static_cast<double>(bytes)));
  if (!source.complete()) throw Cancelled();
}

}  // namespace salus::engine
