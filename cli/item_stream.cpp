#include "cli/item_stream.h"

#include <utility>

#include "cli/output.h"

namespace salus::cli {

using engine::signature::Item;
using engine::signature::Verdicts;

ItemStream::ItemStream(VerifyBatch verify, VerifyReport& report)
    : verify_(std::move(verify)), report_(report) {}

void ItemStream::add(ItemOrigin origin, SignedItem item) {
  add(Entry{std::move(origin), std::move(item), ""});
}

void ItemStream::add_problem(ItemOrigin origin, std::string problem) {
  add(Entry{std::move(origin), {}, std::move(problem)});
}

void ItemStream::add(Entry entry) {
  bytes_ += entry.item.size();
  filling_.push_back(std::move(entry));
  if (filling_.size() == kMaxEntries || bytes_ >= kMaxBytes) start_batch();
}

void ItemStream::start_batch() {
  finish_batch();
  running_ = std::exchange(filling_, {});
  bytes_ = 0;
  verdicts_ = std::async(std::launch::async, [this] {
    std::vector<Item> items;
    for (const Entry& entry : running_)
      if (entry.problem.empty()) items.push_back(entry.item.view());
    return verify_(items);
  });
}

void ItemStream::finish_batch() {
  if (!verdicts_.valid()) return;
  const Verdicts verdicts = verdicts_.get();
  std::size_t next = 0;
  for (const Entry& entry : running_)
    if (entry.problem.empty())
      report_.verdict(entry.origin, verdicts.reason(next++));
    else
      report_.no_item(entry.origin, entry.problem);
  running_.clear();
}

void ItemStream::finish() {
  if (!filling_.empty()) start_batch();
  finish_batch();
  flush_out();
}

}  // namespace salus::cli
