#include "node/ingest/mempool.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "node/statement/key_revocation.h"
#include "node/statement/key_rotation.h"

namespace salus::node {
namespace {

/// An entry's share of the tables, about.
constexpr std::size_t kEntryBytes = 128;

/// Stands for the batch of what did not come through the intake since the start.
constexpr Mempool::Batch kPutBack = 0;

/// Statements that are gone through without a break, in which the intake goes on.
constexpr std::size_t kTogether = 1024;

std::size_t size_of(const StatementGroup& group) {
  return group.memory_bytes() + group.size() * kEntryBytes;
}

}  // namespace

Mempool::Mempool(const MempoolOptions& options) : options_(options) {}

bool Mempool::changes_keys(ContentType type) {
  return type == ContentType::key_registration || type == ContentType::key_rotation ||
         type == ContentType::key_revocation;
}

/// Of the first that is not below `sequence`. What is asked for came lately: it is looked for from
/// the end.
Mempool::Waiting::iterator Mempool::place_of(Waiting& waiting, std::uint64_t sequence) {
  constexpr int kSteps = 8;
  auto at = waiting.end();
  for (int i = 0; i < kSteps; ++i, --at)
    if (at == waiting.begin() || std::prev(at)->first < sequence) return at;
  return waiting.lower_bound(sequence);
}

std::optional<Mempool::Taken> Mempool::claim(const PendingStatement& pending, Batch batch) {
  const Statement& statement = pending.statement;
  Signer& signer = signers_[statement.signer];
  const auto at = place_of(signer.waiting, statement.sequence);
  if (at != signer.waiting.end() && at->first == statement.sequence) {
    if (at->second.id == pending.id) return Taken{Refusal::duplicate, at->second.batch};
    return Taken{Refusal::sequence_not_risen, 0};
  }
  // A block that is being mined has a later one.
  if (signer.tip == tip_ && statement.sequence < signer.floor)
    return Taken{Refusal::sequence_not_risen, 0};
  signer.waiting.emplace_hint(at, statement.sequence, Entry{pending.id, batch});
  return std::nullopt;
}

std::optional<Mempool::Batch> Mempool::waiting(const PendingStatement& pending) const {
  const auto signer = signers_.find(pending.statement.signer);
  if (signer == signers_.end()) return std::nullopt;
  const auto entry = signer->second.waiting.find(pending.statement.sequence);
  if (entry == signer->second.waiting.end() || entry->second.id != pending.id) return std::nullopt;
  return entry->second.batch;
}

void Mempool::hold(std::shared_ptr<const StatementGroup> group, Sequence first) {
  const std::lock_guard lock(mutex_);
  last_held_ = std::max(last_held_, first + group->size() - 1);
  hold_locked(std::move(group), first);
}

void Mempool::hold_locked(std::shared_ptr<const StatementGroup> group, Sequence first) {
  Held& held = held_.emplace_back(
      Held{group, first, 0, std::vector<bool>(group->size(), true), std::size_t{0}});
  stats_.bytes += size_of(*group);
  for (std::size_t i = 0; i < group->size(); ++i) {
    const auto& [statement, id] = (*group)[i];
    const auto signer = signers_.find(statement.signer);
    if (signer == signers_.end()) continue;
    const auto entry = place_of(signer->second.waiting, statement.sequence);
    // A block may have come with it, or with a later one, meanwhile.
    if (entry == signer->second.waiting.end() || entry->first != statement.sequence ||
        entry->second.id != id || entry->second.held != nullptr)
      continue;
    entry->second.held = &held;
    entry->second.index = i;
    held.is_gone[i] = false;
    ++held.left;
  }
  stats_.statements += held.left;
  update_room();
}

void Mempool::abandon(std::span<const PendingStatement> statements, Batch batch) {
  const std::lock_guard lock(mutex_);
  for (const auto& [statement, id] : statements) {
    const auto signer = signers_.find(statement.signer);
    if (signer == signers_.end()) continue;
    const auto entry = signer->second.waiting.find(statement.sequence);
    if (entry != signer->second.waiting.end() && entry->second.held == nullptr &&
        entry->second.batch == batch)
      signer->second.waiting.erase(entry);
  }
}

void Mempool::put_back(std::shared_ptr<const StatementGroup> group, Sequence first) {
  const std::lock_guard lock(mutex_);
  for (const PendingStatement& pending : group->statements())
    if (!claim(pending, kPutBack)) ++stats_.put_back;
  hold_locked(std::move(group), first);
}

/// Takes an entry out of all tables but its signer's, and then out of that.
Mempool::Waiting::iterator Mempool::remove(Signer& signer, Waiting::iterator entry) {
  ++removals_;
  if (Held* held = entry->second.held; held != nullptr) {
    held->is_gone[entry->second.index] = true;
    --held->left;
    --stats_.statements;
  }
  return signer.waiting.erase(entry);
}

/// Gives back the memory of groups of which nothing is left.
void Mempool::let_go() {
  ++removals_;
  for (Held& held : held_) {
    if (held.left != 0 || !held.group) continue;
    stats_.bytes -= size_of(*held.group);
    held.group.reset();
  }
  while (!held_.empty() && !held_.front().group) held_.pop_front();
  update_room();
}

void Mempool::update_room() {
  is_full_ = stats_.statements >= options_.max_statements || stats_.bytes >= options_.max_bytes;
  is_empty_ = stats_.statements == 0;
}

/// A block has this statement: it and what it overtook need not wait any more. Returns its first
/// record in the log, or the highest number where there is none.
Sequence Mempool::take_included(const Statement& statement, const Digest& id) {
  Sequence first = std::numeric_limits<Sequence>::max();
  const auto found = signers_.find(statement.signer);
  if (found == signers_.end()) return first;
  Signer& signer = found->second;
  auto entry = signer.waiting.begin();
  while (entry != signer.waiting.end() && entry->first <= statement.sequence) {
    if (entry->second.id == id) {
      if (entry->second.held != nullptr) {
        first = std::min(first, entry->second.held->first + entry->second.index);
        ++stats_.included;
      }
    } else {
      count_dropped(Refusal::sequence_not_risen);
    }
    entry = remove(signer, entry);
  }
  if (signer.waiting.empty()) signers_.erase(found);
  return first;
}

void Mempool::drop_signer(const KeyId& id) {
  const auto found = signers_.find(id);
  if (found == signers_.end()) return;
  Waiting& waiting = found->second.waiting;
  for (auto entry = waiting.begin(); entry != waiting.end();) {
    count_dropped(Refusal::revoked_signer);
    entry = remove(found->second, entry);
  }
  signers_.erase(found);
}

void Mempool::drop_ended_keys(const Statement& statement) {
  if (statement.type == ContentType::key_revocation) {
    if (const auto revocation = decode_key_revocation(statement.payload))
      drop_signer(revocation->key);
  } else if (statement.type == ContentType::key_rotation) {
    if (const auto rotation = decode_key_rotation(statement.payload))
      drop_signer(rotation->old_key);
  }
}

void Mempool::on_connected(const ConnectedBlock& block) {
  std::unique_lock lock(mutex_);
  ++tip_;
  Sequence first = std::numeric_limits<Sequence>::max();
  for (std::size_t i = 0; i < block.statements.size(); ++i) {
    if (i % kTogether == kTogether - 1) {
      lock.unlock();
      lock.lock();
    }
    first = std::min(first, take_included(block.statements[i], block.ids[i]));
    drop_ended_keys(block.statements[i]);
  }
  depths_.push_back({block.height, first});
  while (depths_.front().height + options_.keep_depth <= block.height) depths_.pop_front();
  let_go();
}

void Mempool::on_disconnected(std::uint64_t height) {
  const std::lock_guard lock(mutex_);
  ++tip_;
  // What was in the block is held again, by new records.
  while (!depths_.empty() && depths_.back().height >= height) depths_.pop_back();
}

void Mempool::keep_log_from(std::uint64_t height, Sequence first) {
  const std::lock_guard lock(mutex_);
  depths_.push_back({height, first});
}

Sequence Mempool::releasable() const {
  const std::lock_guard lock(mutex_);
  Sequence needed = last_held_ + 1;
  for (const Held& held : held_)
    if (held.left != 0) needed = std::min(needed, held.first);
  for (const Depth& depth : depths_) needed = std::min(needed, depth.first);
  return needed - 1;
}

/// Walks through what is held, oldest first, and takes each with those of its signer that must be
/// before it. Lets others in now and then; nothing that was chosen may be taken out meanwhile.
class Mempool::Selector {
 public:
  Selector(Mempool& pool, std::size_t max_statements, std::size_t max_bytes)
      : pool_(pool), max_statements_(max_statements), max_bytes_(max_bytes) {}

  /// Nothing where it has to begin anew.
  std::optional<Selection> run() {
    std::unique_lock lock(pool_.mutex_);
    ++pool_.selection_;
    const std::uint64_t removals = pool_.removals_;
    std::size_t looked_at = 0;
    for (std::size_t h = 0; h < pool_.held_.size(); ++h) {  // more may come behind meanwhile
      const Held& held = pool_.held_[h];
      for (std::size_t i = 0; i < held.is_gone.size() && held.left != 0; ++i) {
        if (held.is_gone[i]) continue;
        if (++looked_at % kTogether == 0) {
          lock.unlock();
          lock.lock();
          if (pool_.removals_ != removals) return std::nullopt;
        }
        const Statement& statement = (*held.group)[i].statement;
        if (selection_.is_partial && changes_keys(statement.type)) return finish(lock);
        take(statement);
        if (chosen_.size() >= max_statements_ || bytes_ >= max_bytes_) return finish(lock);
      }
    }
    return finish(lock);
  }

 private:
  struct Chosen {
    Sequence first;  ///< Record of its group,
    std::size_t index;
    const PendingStatement* pending;
  };

  void take(const Statement& statement) {
    Signer& signer = pool_.signers_.find(statement.signer)->second;
    const bool is_first = signer.selection != pool_.selection_;
    if (!is_first && statement.sequence <= signer.selected) return;
    auto entry = is_first ? signer.waiting.begin() : signer.waiting.upper_bound(signer.selected);
    for (; entry != signer.waiting.end() && entry->first <= statement.sequence; ++entry) {
      if (entry->second.held == nullptr) {
        selection_.is_partial = true;
        return;
      }
      choose(entry->second);
      signer.selection = pool_.selection_;
      signer.selected = entry->first;
      if (signer.tip != pool_.tip_ || signer.floor < entry->first) signer.floor = entry->first;
      signer.tip = pool_.tip_;
    }
  }

  void choose(const Entry& entry) {
    Held& held = *entry.held;
    const PendingStatement& pending = (*held.group)[entry.index];
    chosen_.push_back({held.first, entry.index, &pending});
    bytes_ += pending.statement.message.size();
    if (held.selection != pool_.selection_) selection_.groups.push_back(held.group);
    held.selection = pool_.selection_;
  }

  /// The groups keep what was chosen: nothing of the pool is needed any more.
  Selection finish(std::unique_lock<FairMutex>& lock) {
    lock.unlock();
    std::ranges::sort(chosen_, {}, [](const Chosen& c) { return std::pair(c.first, c.index); });
    selection_.statements.reserve(chosen_.size());
    for (const Chosen& chosen : chosen_) selection_.statements.push_back(*chosen.pending);
    return std::move(selection_);
  }

  Mempool& pool_;
  std::size_t max_statements_;
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::vector<Chosen> chosen_;
  Selection selection_;
};

Mempool::Selection Mempool::select(std::size_t max_statements, std::size_t max_bytes) {
  for (;;)
    if (auto selection = Selector(*this, max_statements, max_bytes).run())
      return std::move(*selection);
}

std::vector<bool> Mempool::verified(std::span<const Statement> statements,
                                    std::span<const Digest> ids) const {
  std::vector<bool> verified(statements.size());
  std::unique_lock lock(mutex_);
  // A block of ours has the statements of a signer one after the other, in their order.
  const Signer* signer = nullptr;
  Waiting::const_iterator next;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const bool is_let_in = i % kTogether == kTogether - 1;
    if (is_let_in) {
      lock.unlock();
      lock.lock();
    }
    if (is_let_in || i == 0 || statements[i].signer != statements[i - 1].signer) {
      const auto found = signers_.find(statements[i].signer);
      signer = found != signers_.end() ? &found->second : nullptr;
      if (signer != nullptr) next = signer->waiting.begin();
    }
    if (signer == nullptr) continue;
    if (next == signer->waiting.end() || next->first != statements[i].sequence)
      next = signer->waiting.find(statements[i].sequence);
    if (next == signer->waiting.end()) continue;
    const Entry& entry = next++->second;
    if (entry.held == nullptr || entry.batch == kPutBack || entry.id != ids[i]) continue;
    const Statement& held = (*entry.held->group)[entry.index].statement;
    verified[i] = std::ranges::equal(held.signature, statements[i].signature);
  }
  return verified;
}

void Mempool::drop(const PendingStatement& pending, Refusal refusal) {
  const std::lock_guard lock(mutex_);
  const auto signer = signers_.find(pending.statement.signer);
  if (signer == signers_.end()) return;
  const auto entry = signer->second.waiting.find(pending.statement.sequence);
  if (entry == signer->second.waiting.end() || entry->second.id != pending.id) return;
  count_dropped(refusal);
  remove(signer->second, entry);
  let_go();
}

std::vector<std::shared_ptr<const StatementGroup>> Mempool::groups() const {
  std::vector<std::shared_ptr<const StatementGroup>> groups;
  const std::lock_guard lock(mutex_);
  for (const Held& held : held_)
    if (held.group) groups.push_back(held.group);
  return groups;
}

bool Mempool::is_held(const PendingStatement& pending) const {
  const std::lock_guard lock(mutex_);
  const auto signer = signers_.find(pending.statement.signer);
  if (signer == signers_.end()) return false;
  const auto entry = signer->second.waiting.find(pending.statement.sequence);
  return entry != signer->second.waiting.end() && entry->second.id == pending.id &&
         entry->second.held != nullptr;
}

std::optional<Mempool::HeldStatement> Mempool::find(const Digest& id) const {
  for (auto& group : groups())
    if (const auto index = group->find(id); index && is_held((*group)[*index]))
      return HeldStatement{std::move(group), *index};
  return std::nullopt;
}

MempoolStats Mempool::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

}  // namespace salus::node
