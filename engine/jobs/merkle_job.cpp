#include <algorithm>
#include <mutex>

#include "engine/jobs/jobs.h"
#include "engine/jobs/kept_levels.h"
#include "engine/jobs/placement.h"
#include "engine/jobs/range_source.h"
#include "engine/jobs/self_check.h"
#include "engine/jobs/shared_run.h"
#include "engine/jobs/subtrees.h"

namespace salus::engine {
namespace {

/// Leaves in the first piece of a device whose speed is not known.
constexpr double kFirstLeaves = 1 << 16;

RangeSource leaf_source(const Subtrees& subtrees, std::size_t leaf_count,
                        const Progress& progress) {
  const auto cut = [&subtrees](std::size_t first, std::size_t end, double units) {
    const auto wanted = static_cast<std::size_t>(units > 0 ? units : kFirstLeaves);
    const std::size_t count = std::min(subtrees.run_length(first, wanted), end - first);
    return ItemRange{first, count, static_cast<double>(count)};
  };
  return {leaf_count, cut, progress};
}

}  // namespace

Digest merkle_root_job(const JobContext& context, TreeKind kind, const MessageView& entries) {
  Subtrees subtrees(kind, entries.count());
  RangeSource source = leaf_source(subtrees, entries.count(), context.control.progress);
  std::mutex mutex;
  const auto work = [&](Device& device, const ItemRange& range) {
    const MessageView part = entries.slice(range.first, range.count);
    if (context.self_check) check_root(device, kind, part);
    const Digest root = device.merkle_root(kind, part);
    const std::scoped_lock lock(mutex);
    subtrees.add(range.first, range.count, root);
  };
  SharedRun run(context.pool, Job::merkle, source, work, context.control.stop);
  run.run(choose_devices(context.pool, Job::merkle, static_cast<double>(entries.count())));
  if (!source.complete()) throw Cancelled();
  return subtrees.root();
}

std::vector<Digest> merkle_levels_job(const JobContext& context, TreeKind kind,
                                      std::span<const Digest> leaves) {
  if (leaves.size() < 2) return {};
  Subtrees subtrees(kind, leaves.size());
  KeptLevels kept(kind, leaves.size());
  RangeSource source = leaf_source(subtrees, leaves.size(), context.control.progress);
  const auto work = [&](Device& device, const ItemRange& range) {
    const std::span<const Digest> part = leaves.subspan(range.first, range.count);
    std::vector<Digest> levels(merkle_levels_size(range.count));
    device.merkle_reduce(kind, part, levels);
    if (context.self_check) check_levels(device, kind, part, levels);
    kept.add(range.first, range.count, levels);
  };
  SharedRun run(context.pool, Job::merkle, source, work, context.control.stop);
  run.run(choose_devices(context.pool, Job::merkle, static_cast<double>(leaves.size())));
  if (!source.complete()) throw Cancelled();
  return kept.complete(leaves);
}

}  // namespace salus::engine
