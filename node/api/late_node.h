// A node that is still being opened, for a server that answers already: probes then see that the
// process lives, and why it cannot work yet.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

#include "node/api/node_reader.h"
#include "node/ingest/statement_sink.h"

namespace salus::node::api {

/// Turns submissions away until there is a sink. Thread safe.
class LateSink final : public StatementSink {
 public:
  /// From now on everything goes to `sink`, which outlives all calls. Once.
  void open(StatementSink& sink);

  bool submit(Submission& submission) override;
  void call_when_room(std::function<void()> resume) override;

 private:
  std::atomic<StatementSink*> sink_ = nullptr;
  std::mutex mutex_;  // of those who wait
  std::vector<std::function<void()>> waiting_;
};

/// Throws `NotOpenYet` until there is a reader. Thread safe.
class LateReader final : public NodeReader {
 public:
  /// From now on `reader` answers, which outlives all calls. Once.
  void open(const NodeReader& reader) { reader_ = &reader; }

  [[nodiscard]] NodeStatus status() const override { return reader().status(); }
  [[nodiscard]] std::string unready_reason() const override;
  [[nodiscard]] std::optional<BlockSummary> block(const BlockQuery& query) const override {
    return reader().block(query);
  }
  [[nodiscard]] std::optional<StatementView> statement(const Digest& id) const override {
    return reader().statement(id);
  }
  [[nodiscard]] std::optional<ReceiptView> receipt(const Digest& id) const override {
    return reader().receipt(id);
  }
  [[nodiscard]] std::optional<StatementPage> statements(
      const StatementQuery& query) const override {
    return reader().statements(query);
  }
  [[nodiscard]] std::optional<KeyRecord> key(const KeyId& id) const override {
    return reader().key(id);
  }
  [[nodiscard]] std::vector<MetricFamily> metrics() const override { return reader().metrics(); }

 private:
  [[nodiscard]] const NodeReader& reader() const;

  std::atomic<const NodeReader*> reader_ = nullptr;
};

}  // namespace salus::node::api
