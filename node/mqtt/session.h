// One client's side of the protocol, without sockets, threads or clocks: bytes go in, packets to
// send and batches for the sink come out.
//
//   std::size_t used = session.receive(bytes);      // whole packets; the rest comes again later
//   if (auto batch = session.take_batch()) ...      // hand it to the sink
//   batch->outcomes = ...; batch->is_answered = true;
//   session.settle();                               // PUBACKs, in the order of the publishes
//   send(session.output());
//
// Not thread safe: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bytes.h"
#include "node/mqtt/batch.h"
#include "node/mqtt/close_reason.h"
#include "node/mqtt/packet.h"
#include "node/mqtt/packet_writer.h"
#include "node/mqtt/topics.h"
#include "node/statement/statement.h"

namespace salus::node::mqtt {

struct SessionLimits {
  std::string topic_prefix = "salus";
  std::size_t max_statement_bytes = kDefaultStatementBytes;
  std::size_t max_topic_bytes = 1024;
  std::size_t max_client_id_bytes = 128;
  std::size_t max_in_flight = 1024;  ///< Publishes that are not answered yet.

  /// Longest packet that is kept in memory as a whole: a PUBLISH with topic, packet id, statement.
  [[nodiscard]] std::size_t max_packet_bytes() const {
    return kMaxFixedHeader + 2 + max_topic_bytes + 2 + max_statement_bytes;
  }
};

/// A publish up to this size is read and thrown away piece by piece, then refused as `oversize`: a
/// bridge would bring it again and again if the connection were closed instead.
inline constexpr std::size_t kMaxSkippedBytes = std::size_t{16} << 20;
/// Before CONNECT is through, nobody may make us keep more than this.
inline constexpr std::size_t kMaxConnectBytes = std::size_t{8} << 10;
/// A batch ends with the packet that reaches this.
inline constexpr std::size_t kMaxBatchBytes = std::size_t{256} << 10;

/// What a session asks of whoever runs it. Neither call may block.
class SessionHost {
 public:
  virtual ~SessionHost() = default;
  /// Whether the client may connect; if so, its name is taken. `client_id` is fit for a topic, or
  /// empty: the host then makes one.
  virtual ConnectCode admit(const Connect& connect, std::string& client_id) = 0;
  /// The client subscribed to receipts and sent this statement, which the node has.
  virtual void await_receipt(const Digest& id) = 0;
};

/// What happened since the last `take_tally`.
struct SessionTally {
  std::uint64_t publishes = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t refused = 0;
  std::uint64_t overloaded = 0;
  std::uint64_t ignored = 0;
};

class Session {
 public:
  /// Both must outlive it.
  Session(const SessionLimits& limits, SessionHost& host);

  /// Handles the whole packets that `bytes` begin with, and returns how many bytes they took.
  /// Stops early while too much is in flight, when a batch is full, and when the session ends.
  std::size_t receive(Bytes bytes);
  /// How long the packet is that `receive` saw the beginning of and could not use yet; 0 when its
  /// length is not known.
  [[nodiscard]] std::size_t wanted_bytes() const { return wanted_bytes_; }
  /// Whether a publish that is too long is being thrown away.
  [[nodiscard]] bool is_skipping() const { return skip_bytes_ > 0; }

  /// What was published since the last call; nothing where there was none. It stays with the
  /// session until it is settled. A batch without a submission is answered already.
  std::shared_ptr<Batch> take_batch();
  /// Acknowledges batches that are answered, in order.
  void settle();

  /// Sends a receipt, where the client still wants them.
  void send_receipt(Bytes receipt);
  /// Ends it, unless it has ended already.
  void close(CloseReason reason);

  /// Packets to be sent; the caller takes them away.
  [[nodiscard]] std::vector<std::uint8_t>& output() { return output_; }
  [[nodiscard]] std::size_t output_bytes() const { return output_.size(); }
  [[nodiscard]] CloseReason close_reason() const { return close_reason_; }
  [[nodiscard]] bool is_open() const { return close_reason_ == CloseReason::none; }
  [[nodiscard]] bool is_connected() const { return is_connected_; }
  /// As CONNECT said; 0 before that, and where the client wants none.
  [[nodiscard]] std::uint16_t keep_alive_seconds() const { return keep_alive_seconds_; }
  [[nodiscard]] const std::string& client_id() const { return client_id_; }
  /// Publishes that are not answered yet.
  [[nodiscard]] std::size_t in_flight() const { return in_flight_; }
  [[nodiscard]] bool has_room() const;
  SessionTally take_tally();

 private:
  // Each returns how many bytes it used: 0 where there are too few, or the session has ended.
  std::size_t take_packet(Bytes bytes);
  std::size_t begin_to_skip(Bytes bytes, std::size_t packet_bytes);
  std::size_t skip(Bytes bytes);

  void handle(const Frame& frame);
  void handle_connect(Bytes body);
  void handle_publish(const Frame& frame);
  void handle_subscribe(Bytes body);
  void handle_unsubscribe(Bytes body);
  void refuse_connect(ConnectCode code);
  void add(const Publication& publication);
  void acknowledge(const Batch& batch);
  void acknowledge(const Publication& publication, const Outcome& outcome);
  Batch& open_batch();
  [[nodiscard]] std::uint8_t subscribe(std::string_view filter);

  const SessionLimits& limits_;
  SessionHost& host_;
  std::string client_id_;
  OwnTopics topics_;
  bool is_connected_ = false;
  bool wants_receipts_ = false;
  bool wants_refusals_ = false;
  std::uint16_t keep_alive_seconds_ = 0;
  CloseReason close_reason_ = CloseReason::none;
  std::size_t wanted_bytes_ = 0;
  std::size_t skip_bytes_ = 0;  // Of a publish that is thrown away, what is still to come.
  Publication skipped_;         // That publish.
  std::size_t in_flight_ = 0;
  std::shared_ptr<Batch> batch_;                // Being filled.
  std::deque<std::shared_ptr<Batch>> waiting_;  // Handed out, in order.
  std::vector<std::shared_ptr<Batch>> spare_;   // Settled: their memory is used again.
  std::vector<std::uint8_t> output_;
  SessionTally tally_;
};

}  // namespace salus::node::mqtt
