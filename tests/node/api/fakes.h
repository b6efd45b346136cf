// A sink and a node that a test can tell what to do.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "node/api/node_reader.h"
#include "node/ingest/statement_sink.h"

namespace salus::test {

/// Answers from a thread of its own. The id of a message is the SHA-256 of all of it.
class FakeSink : public node::StatementSink {
 public:
  FakeSink();
  ~FakeSink() override;

  bool submit(node::Submission& submission) override;
  void call_when_room(std::function<void()> resume) override { resume(); }

  /// What becomes of a message; at first everything is accepted.
  std::function<std::optional<node::Refusal>(Bytes message)> judge;
  std::atomic<bool> full = false;
  /// Submissions wait unanswered until it is false, or they are dropped.
  void hold(bool on);
  void drop_held();
  [[nodiscard]] std::size_t held() const;
  [[nodiscard]] std::vector<std::vector<std::uint8_t>> messages() const;

 private:
  void answer_all(const std::stop_token& stop);
  void answer(node::Submission& submission);

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool hold_ = false;
  std::vector<node::Submission> waiting_;
  std::vector<std::vector<std::uint8_t>> seen_;
  std::jthread thread_;
};

/// A chain of three blocks with one statement to show. What is set is set before it is asked.
class FakeNode : public node::api::NodeReader {
 public:
  FakeNode();

  [[nodiscard]] node::api::NodeStatus status() const override;
  [[nodiscard]] std::string unready_reason() const override { return unready; }
  [[nodiscard]] std::optional<node::api::BlockSummary> block(
      const node::api::BlockQuery& query) const override;
  [[nodiscard]] std::optional<node::api::StatementView> statement(const Digest& id) const override;
  [[nodiscard]] std::optional<node::api::ReceiptView> receipt(const Digest& id) const override;
  [[nodiscard]] std::optional<node::api::StatementPage> statements(
      const node::api::StatementQuery& query) const override;
  [[nodiscard]] std::optional<node::KeyRecord> key(const node::KeyId& id) const override;
  [[nodiscard]] std::vector<node::api::MetricFamily> metrics() const override;

  std::string unready;
  std::atomic<bool> broken = false;  ///< Every read throws.
  node::KeyId device{};
  std::vector<std::uint8_t> message;  ///< Telemetry signed by `device`.
  Digest statement_id{};
  Digest block_id{};

 private:
  void enter() const;
  [[nodiscard]] bool has(const node::api::CommonTerm& common) const;
  [[nodiscard]] node::api::StatementPlace place() const;
};

inline constexpr std::uint64_t kFakeHeight = 2;
inline constexpr std::string_view kSecretSubject = "patient-4711";

}  // namespace salus::test
