// Items in, verdicts out: what `salus verify` reads is verified in batches of bounded size.
#pragma once

#include <functional>
#include <future>
#include <span>
#include <string>
#include <vector>

#include "cli/verify_input.h"
#include "cli/verify_report.h"

namespace salus::cli {

/// Decides a batch. Called from one thread at a time, not always the same.
using VerifyBatch =
    std::function<engine::signature::Verdicts(std::span<const engine::signature::Item>)>;

/// While one batch is verified the caller fills the next. Reports come in the order of the items.
/// One thread at a time. Every method throws what `verify` throws.
class ItemStream {
 public:
  ItemStream(VerifyBatch verify, VerifyReport& report);

  void add(ItemOrigin origin, SignedItem item);
  /// In the place of an item: why there is none.
  void add_problem(ItemOrigin origin, std::string problem);

  /// Verifies and reports all that was added, and hands the reports to the operating system.
  void finish();

  /// A batch ends at so many entries, or so many bytes in its items: memory stays bounded however
  /// much comes. Larger ones are not verified any faster.
  static constexpr std::size_t kMaxEntries = 16384;
  static constexpr std::size_t kMaxBytes = std::size_t{64} << 20;

 private:
  struct Entry {
    ItemOrigin origin;
    SignedItem item;
    std::string problem;  ///< Why there is no item; empty where there is one.
  };
  using Batch = std::vector<Entry>;

  void add(Entry entry);
  void start_batch();
  void finish_batch();

  VerifyBatch verify_;
  VerifyReport& report_;
  Batch filling_;
  std::size_t bytes_ = 0;  ///< In the items of `filling_`.
  Batch running_;
  std::future<engine::signature::Verdicts> verdicts_;  ///< Of `running_`. Last: it reads the rest.
};

}  // namespace salus::cli
