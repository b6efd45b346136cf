// What the API shows of a node: implemented over the chain, the store and the pipeline.
//
// Thread safety: any number of threads of the server call at once. Calls may wait for the disk.
// `Error`s become status 500 without their text, which goes to the log: it must name no body.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/pow/header.h"
#include "engine/pow/uint256.h"
#include "node/api/metric.h"
#include "node/state/key_record.h"

namespace salus::node::api {

/// How far a statement has come. Every interface says which.
enum class StatementState : std::uint8_t {
  received,  ///< Durable in this node's log, in no block yet.
  in_block,  ///< In a block of the chain with the most work.
  final,     ///< Below a checkpoint that no reorganisation crosses.
};

/// "received", "in_block", "final".
std::string_view to_string(StatementState state);

struct BlockPosition {
  std::uint64_t height = 0;
  std::uint32_t index = 0;
  Digest block{};
  std::uint64_t blocks_above = 0;
  pow::Uint256 work_above;  ///< Of these blocks together: what it takes to undo it.
};

struct StatementPlace {
  StatementState state = StatementState::received;
  std::optional<BlockPosition> position;  ///< Unless `received`.
};

enum class BodyState : std::uint8_t {
  present,
  erased,  ///< Deleted by an authority's statement: a right was used.
  pruned,  ///< Deleted to save room.
};

/// "present", "erased", "pruned".
std::string_view to_string(BodyState state);

struct StatementView {
  Digest id{};
  StatementPlace place;
  BodyState body = BodyState::present;
  std::vector<std::uint8_t> message;  ///< The COSE_Sign1; empty unless present.
};

struct ReceiptView {
  StatementPlace place;
  /// COSE Receipt (RFC 9942) and signed block header; empty while the statement is `received`.
  std::vector<std::uint8_t> receipt;
  std::vector<std::uint8_t> signed_header;
  /// The same proof as C2SP tlog-proof; empty, too, where the validator's key is not Ed25519.
  std::string tlog_proof;
};

struct BlockSummary {
  Digest id{};
  std::uint64_t height = 0;
  pow::Header header;
  std::uint64_t blocks_above = 0;
  pow::Uint256 work_above;
  bool is_final = false;
  std::uint32_t statements = 0;  ///< In all, the validator's included.
  /// Those of the page asked for, in order: from index `first` on.
  std::uint32_t first = 0;
  std::vector<Digest> statement_ids;
};

/// Statements `first` to `first + count - 1` of a block on the chain.
struct BlockQuery {
  std::variant<std::uint64_t, Digest> block;  ///< Height, or id.
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

/// What the statements of a query have in common: their signer, subject or type; or nothing.
using CommonTerm = std::variant<std::monostate, KeyId, std::string, ContentType>;

/// Statements on the chain, issued from `from` to `to`, seconds since 1970 UTC.
struct StatementQuery {
  CommonTerm common;
  bool only_telemetry = false;  ///< What changes keys, seals, erases or makes blocks is left out.
  std::int64_t from = 0;
  std::int64_t to = kLatestTime;
  std::size_t limit = 100;
  /// The page ends, too, behind the statement that brings its messages to so many bytes.
  std::size_t max_bytes = std::size_t{1} << 20;
  std::vector<std::uint8_t> after;  ///< `next` of the page before; empty: from the beginning.
};

struct StatementPage {
  std::vector<StatementView> statements;
  std::vector<std::uint8_t> next;  ///< For the next page; empty: there is none.
};

/// A stage of the way in.
struct StageStatus {
  std::string name;
  std::uint64_t depth = 0;     ///< Statements that wait for it.
  std::uint64_t capacity = 0;  ///< How many may.
  double duty = 0;             ///< 0 to 1: how much of the time it worked.
  double latency_p50 = 0;      ///< Seconds.
  double latency_p99 = 0;      ///< Seconds.
};

/// What waits for a block, as far as it is in memory.
struct MempoolStatus {
  std::uint64_t statements = 0;
  std::uint64_t bytes = 0;
  bool full = false;  ///< Nothing more is taken in until a block comes.
};

/// The intake log.
struct LogStatus {
  std::uint64_t records = 0;  ///< Made durable since the start.
  std::uint64_t syncs = 0;    ///< In so many groups.
  std::uint64_t disk_bytes = 0;
  double last_sync = 0;  ///< Seconds that the last write and sync took.
};

struct NodeStatus {
  std::string version;
  Digest chain{};  ///< Id of the genesis block.
  std::uint64_t height = 0;
  Digest tip{};
  std::uint32_t tip_time = 0;
  pow::Uint256 total_work;
  std::uint64_t final_height = 0;
  std::uint64_t waiting = 0;   ///< Statements that are in no block yet.
  std::uint64_t accepted = 0;  ///< Statements, since the start.
  std::uint64_t refused = 0;   ///< Statements, since the start.
  bool mining = false;         ///< Whether it searches for blocks itself.
  double latency_p50 = 0;      ///< Seconds from taken to answered, since the start.
  double latency_p99 = 0;
  MempoolStatus mempool;
  LogStatus log;
  std::vector<std::string> devices;  ///< Ids of those that verify; how busy: stage "verify".
  std::vector<StageStatus> stages;
};

/// The node is still being opened: nothing can be said yet.
class NotOpenYet : public std::exception {
 public:
  static constexpr const char* kReason = "the node is being opened";
  [[nodiscard]] const char* what() const noexcept override { return kReason; }
};

class NodeReader {
 public:
  NodeReader() = default;
  virtual ~NodeReader() = default;
  NodeReader(const NodeReader&) = delete;
  NodeReader& operator=(const NodeReader&) = delete;

  [[nodiscard]] virtual NodeStatus status() const = 0;

  /// Why the node cannot work now ("replaying the log"); empty when it can. Fast, never waits.
  [[nodiscard]] virtual std::string unready_reason() const = 0;

  /// Blocks of the best chain only. `first` beyond the end gives an empty page.
  [[nodiscard]] virtual std::optional<BlockSummary> block(const BlockQuery& query) const = 0;

  /// Nothing where the node does not know it.
  [[nodiscard]] virtual std::optional<StatementView> statement(const Digest& id) const = 0;
  [[nodiscard]] virtual std::optional<ReceiptView> receipt(const Digest& id) const = 0;

  /// Nothing where `after` is none that it gave. At most `limit` statements, ascending by place on
  /// the chain, or by time of issue where they have nothing in common; statements whose bodies are
  /// gone are among them.
  [[nodiscard]] virtual std::optional<StatementPage> statements(
      const StatementQuery& query) const = 0;

  [[nodiscard]] virtual std::optional<KeyRecord> key(const KeyId& id) const = 0;

  /// What the node counts and measures beside what `status` says; names begin with "salus_".
  [[nodiscard]] virtual std::vector<MetricFamily> metrics() const = 0;
};

}  // namespace salus::node::api
