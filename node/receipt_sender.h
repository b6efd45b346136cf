// Receipts to clients that wait for them, as the blocks come.
#pragma once

#include <cstdint>
#include <thread>

#include "node/api/node_reader.h"
#include "node/chain/chain.h"
#include "node/listeners.h"
#include "node/store/block_store.h"

namespace salus::node {

/// Follows the chain on a thread of its own from construction on.
class ReceiptSender {
 public:
  /// All outlive the sender.
  ReceiptSender(const Chain& chain, const BlockStore& store, const api::NodeReader& reader,
                Listeners& listeners);

 private:
  void run(const std::stop_token& stop);
  void follow();
  void send_of_block(Height height);

  const Chain& chain_;
  const BlockStore& store_;
  const api::NodeReader& reader_;
  Listeners& listeners_;
  Height done_ = 0;   // up to here all was sent,
  Digest done_id_{};  // when this was the block there
  std::jthread thread_;
};

}  // namespace salus::node
