#include "trial/records/difference/moved_runs.h"

#include <algorithm>
#include <numeric>

namespace salus::trial {
namespace {

constexpr std::uint32_t kNone = 0xffff'ffff;

/// For each prefix of the sealed order, the run that the most records in order end with (a Fenwick
/// tree of maxima).
class BestEndings {
 public:
  BestEndings(std::size_t runs, const std::vector<std::uint64_t>& records)
      : best_(runs + 1, kNone), records_(records) {}

  /// Among the runs of the first `count` ranks; `kNone` where there is none yet.
  [[nodiscard]] std::uint32_t among_first(std::size_t count) const {
    std::uint32_t best = kNone;
    for (; count > 0; count &= count - 1) best = better(best, best_[count]);
    return best;
  }
  void add(std::size_t rank, std::uint32_t run) {
    for (std::size_t i = rank + 1; i < best_.size(); i += i & (0 - i))
      best_[i] = better(best_[i], run);
  }

 private:
  [[nodiscard]] std::uint32_t better(std::uint32_t a, std::uint32_t b) const {
    if (a == kNone) return b;
    if (b == kNone) return a;
    return records_[b] > records_[a] ? b : a;
  }

  std::vector<std::uint32_t> best_;
  const std::vector<std::uint64_t>& records_;
};

/// The place of each run in the sealed order.
std::vector<std::uint32_t> sealed_ranks(const std::vector<Run>& runs) {
  std::vector<std::uint32_t> order(runs.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return runs[i].sealed; });
  std::vector<std::uint32_t> ranks(runs.size());
  for (std::uint32_t rank = 0; rank < order.size(); ++rank) ranks[order[rank]] = rank;
  return ranks;
}

}  // namespace

std::vector<Run> moved_runs(const std::vector<Run>& runs) {
  if (std::ranges::is_sorted(runs, {}, &Run::sealed)) return {};
  // The heaviest increasing subsequence: Fredman (1975), with lengths as weights.
  std::vector<std::uint64_t> records(runs.size());  // in order, up to and with this run
  std::vector<std::uint32_t> before(runs.size());
  {
    const std::vector<std::uint32_t> ranks = sealed_ranks(runs);
    BestEndings best(runs.size(), records);
    for (std::uint32_t i = 0; i < runs.size(); ++i) {
      before[i] = best.among_first(ranks[i]);
      records[i] = runs[i].length + (before[i] == kNone ? 0 : records[before[i]]);
      best.add(ranks[i], i);
    }
  }
  std::vector<bool> stays(runs.size());
  auto last = static_cast<std::uint32_t>(std::ranges::max_element(records) - records.begin());
  for (; last != kNone; last = before[last]) stays[last] = true;
  std::vector<Run> moved;
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (!stays[i]) moved.push_back(runs[i]);
  return moved;
}

}  // namespace salus::trial
