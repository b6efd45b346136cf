// Statements that wait for a block.
//
// A statement is claimed while its batch is decided, so that no other can take its signer's
// sequence number; once it is in the log, synced, it is held until a block has it. The block
// builder selects from what is held such that no statement is overtaken by a later one of its
// signer, which would shut it out of the chain for good:
//
//   - of one signer, statements are selected in the order of their sequences, and none above one
//     that is claimed and not held yet;
//   - nothing below what was selected is claimed any more, until there is another tip;
//   - what changes keys is only selected with everything that came before it.
#pragma once

#include <array>
#include <atomic>
#include <boost/container/deque.hpp>
#include <boost/container/flat_map.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "node/chain/block_storage.h"
#include "node/ingest/fair_mutex.h"
#include "node/ingest/statement_group.h"
#include "node/state/id_hash.h"
#include "node/statement/refusal.h"
#include "node/store/intake_log.h"

namespace salus::node {

inline constexpr std::size_t kRefusals = static_cast<std::size_t>(Refusal::overloaded) + 1;

struct MempoolOptions {
  /// Beyond these nothing more is taken in. What is on its way then is held all the same.
  std::size_t max_statements = std::size_t{1} << 20;
  std::size_t max_bytes = std::size_t{512} << 20;
  /// The log keeps statements until so many blocks are on top of theirs.
  std::uint64_t keep_depth = 100;
};

struct MempoolStats {
  std::size_t statements = 0;  ///< Held.
  std::size_t bytes = 0;
  std::uint64_t included = 0;  ///< Left with a block that has them.
  std::uint64_t put_back = 0;  ///< From the log at the start, and from blocks taken off the chain.
  /// Left because no block can have them any more, by the reason.
  std::array<std::uint64_t, kRefusals> dropped{};
};

/// Thread safe.
class Mempool {
 public:
  explicit Mempool(const MempoolOptions& options = {});

  /// Whether statements of this type decide about what others may sign.
  static bool changes_keys(ContentType type);

  /// Number of a batch of the intake.
  using Batch = std::uint64_t;

  /// Why a number was not to be had: `duplicate` where the very same statement has it, which came
  /// with `batch`; otherwise `sequence_not_risen`.
  struct Taken {
    Refusal refusal = Refusal::duplicate;
    Batch batch = 0;
  };

  /// Keeps everybody else out while a batch is decided.
  class Claims {
   public:
    explicit Claims(Mempool& pool) : pool_(pool), lock_(pool.mutex_) {}

    /// Claims the sequence number for this statement, whose rules and signature hold; nothing when
    /// it was to be had.
    std::optional<Taken> claim(const PendingStatement& pending, Batch batch) {
      return pool_.claim(pending, batch);
    }
    /// The batch with which the very same statement came that waits; nothing when none does.
    [[nodiscard]] std::optional<Batch> waiting(const PendingStatement& pending) const {
      return pool_.waiting(pending);
    }

   private:
    Mempool& pool_;
    std::lock_guard<FairMutex> lock_;
  };

  /// The claims of a batch are durable: its first record has this number in the log. To be called
  /// in the order of these numbers.
  void hold(std::shared_ptr<const StatementGroup> group, Sequence first);
  /// The log did not take them.
  void abandon(std::span<const PendingStatement> statements, Batch batch);
  /// Claims and holds what is in the log already, from before a restart or from a block that was
  /// taken off the chain. What is there already is left out. `first` may be lower than it is.
  void put_back(std::shared_ptr<const StatementGroup> group, Sequence first);

  // To be called as the chain changes.
  void on_connected(const ConnectedBlock& block);
  void on_disconnected(std::uint64_t height);
  /// At the start: whatever the log has may be in one of the last blocks.
  void keep_log_from(std::uint64_t height, Sequence first);

  /// For one block, in the order in which they were taken in.
  struct Selection {
    std::vector<PendingStatement> statements;
    std::vector<std::shared_ptr<const StatementGroup>> groups;  ///< Have their bytes.
    /// Something that came before had to be left out.
    bool is_partial = false;
  };
  Selection select(std::size_t max_statements, std::size_t max_bytes);

  /// Which of these statements the intake has taken, and so verified, with the very signature that
  /// they have here: a signature need not be verified twice. Not those that were put back.
  [[nodiscard]] std::vector<bool> verified(std::span<const Statement> statements,
                                           std::span<const Digest> ids) const;
  /// Lets a statement go that the rules do not permit any more.
  void drop(const PendingStatement& pending, Refusal refusal);

  /// A statement that is held, with what has its bytes.
  struct HeldStatement {
    std::shared_ptr<const StatementGroup> group;
    std::size_t index = 0;  ///< In `group`.
  };
  /// Nothing for what is not here, or not durable yet. Looks through the groups, each by an index
  /// that whoever asks first makes: the intake pays nothing, and is kept waiting only while the
  /// groups are counted.
  [[nodiscard]] std::optional<HeldStatement> find(const Digest& id) const;

  [[nodiscard]] bool is_full() const { return is_full_.load(std::memory_order_relaxed); }
  [[nodiscard]] bool is_empty() const { return is_empty_.load(std::memory_order_relaxed); }
  /// Up to this record the log is not needed any more.
  [[nodiscard]] Sequence releasable() const;
  [[nodiscard]] MempoolStats stats() const;

 private:
  struct Held {
    std::shared_ptr<const StatementGroup> group;  ///< Nothing once none is left.
    Sequence first = 0;
    std::uint64_t selection = 0;  ///< The last one with a statement of this group.
    std::vector<bool> is_gone;
    std::size_t left = 0;
  };
  struct Entry {
    Digest id{};
    Batch batch = 0;
    Held* held = nullptr;  ///< Nothing while it is only claimed.
    std::size_t index = 0;
  };
  /// By sequence. They come at the end and leave at the front, nearly always.
  using Waiting =
      boost::container::flat_map<std::uint64_t, Entry, std::less<>,
                                 boost::container::deque<std::pair<std::uint64_t, Entry>>>;
  struct Signer {
    Waiting waiting;
    std::uint64_t selection = 0;  ///< The last one with a statement of this signer,
    std::uint64_t selected = 0;   ///< and up to which sequence.
    std::uint64_t tip = 0;        ///< On this tip there were selections,
    std::uint64_t floor = 0;      ///< and none but this sequence and later ones may still come.
  };
  /// A block, and the first record of the log that is in it.
  struct Depth {
    std::uint64_t height = 0;
    Sequence first = 0;
  };
  class Selector;

  [[nodiscard]] std::vector<std::shared_ptr<const StatementGroup>> groups() const;
  [[nodiscard]] bool is_held(const PendingStatement& pending) const;
  std::optional<Taken> claim(const PendingStatement& pending, Batch batch);
  [[nodiscard]] std::optional<Batch> waiting(const PendingStatement& pending) const;
  void hold_locked(std::shared_ptr<const StatementGroup> group, Sequence first);
  static Waiting::iterator place_of(Waiting& waiting, std::uint64_t sequence);
  Waiting::iterator remove(Signer& signer, Waiting::iterator entry);
  void count_dropped(Refusal refusal) { ++stats_.dropped[static_cast<std::size_t>(refusal)]; }
  Sequence take_included(const Statement& statement, const Digest& id);
  void drop_signer(const KeyId& id);
  void drop_ended_keys(const Statement& statement);
  void let_go();
  void update_room();

  const MempoolOptions options_;
  mutable FairMutex mutex_;
  std::unordered_map<KeyId, Signer, IdHash> signers_;
  std::deque<Held> held_;  // in the order in which they were taken in
  std::deque<Depth> depths_;
  Sequence last_held_ = 0;
  std::uint64_t tip_ = 1;        // changes with the chain's
  std::uint64_t selection_ = 0;  // number of the last one
  std::uint64_t removals_ = 0;   // changes whenever something is taken out
  MempoolStats stats_;
  std::atomic<bool> is_full_ = false;
  std::atomic<bool> is_empty_ = true;
};

}  // namespace salus::node
