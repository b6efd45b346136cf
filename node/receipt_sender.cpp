#include "node/receipt_sender.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>

#include "engine/log.h"

namespace salus::node {
namespace {

constexpr std::chrono::milliseconds kPoll{100};
/// So far back blocks are looked at again when the chain has taken another branch.
constexpr Height kDeepestBranch = 100;

}  // namespace

ReceiptSender::ReceiptSender(const Chain& chain, const BlockStore& store,
                             const api::NodeReader& reader, Listeners& listeners)
    : chain_(chain), store_(store), reader_(reader), listeners_(listeners) {
  const ChainTip tip = chain_.tip();
  done_ = static_cast<Height>(tip.height);
  done_id_ = tip.id;
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void ReceiptSender::run(const std::stop_token& stop) {
  std::mutex nobody;
  std::unique_lock lock(nobody);
  std::condition_variable_any rest;
  while (!rest.wait_for(lock, stop, kPoll, [&stop] { return stop.stop_requested(); })) {
    try {
      follow();
    } catch (const std::exception& error) {
      logging::warn("receipts could not be sent: {}", error.what());
    }
  }
}

void ReceiptSender::follow() {
  const ChainTip tip = chain_.tip();
  if (tip.id == done_id_) return;
  Height first = done_ + 1;
  if (chain_.id_at(done_) != done_id_) {
    const Height last = std::min(done_, static_cast<Height>(tip.height));
    first = last > kDeepestBranch ? last - kDeepestBranch : 1;
  }
  for (Height height = first; height <= tip.height; ++height) send_of_block(height);
  done_ = static_cast<Height>(tip.height);
  done_id_ = tip.id;
}

void ReceiptSender::send_of_block(Height height) {
  for (const Digest& id : store_.statement_ids(height)) {
    if (!listeners_.is_receipt_awaited(id)) continue;
    const auto view = reader_.receipt(id);
    if (view && !view->receipt.empty()) listeners_.send_receipt(id, view->receipt);
  }
}

}  // namespace salus::node
