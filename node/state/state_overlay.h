// Changes on top of a state that is left as it is: a block that is being checked, or the statements
// that wait for one.
//
//   StateOverlay after(state);
//   ... after.apply(change) ...
//   const StateWrites undo = after.undo();
//   state.write(after.writes());     // and back: state.write(undo)
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>

#include "node/state/id_hash.h"
#include "node/state/state_codec.h"
#include "node/state/state_view.h"
#include "node/state/state_writes.h"
#include "node/state/statement_change.h"

namespace salus::node {

/// One thread at a time. Records that `find_key` returned stay in place while the overlay and what
/// is below it live, except that `apply` changes what they hold.
class StateOverlay final : public StateView {
 public:
  /// `base` outlives the overlay and does not change meanwhile.
  explicit StateOverlay(const StateView& base) : base_(base) {}

  [[nodiscard]] const KeyRecord* find_key(const KeyId& id) const override;
  [[nodiscard]] bool is_erased(const Digest& statement) const override;
  [[nodiscard]] std::optional<ValidatorEntry> validator_entry(std::size_t slot) const override;
  [[nodiscard]] std::uint64_t active_keys(Role role) const override;

  /// Carries out what the rules permitted.
  void apply(const StatementChange& change);
  /// Registers a key that nobody registered: those that genesis names.
  void add_key(const KeyId& id, const KeyRecord& record);
  /// Carries out changes that were made elsewhere, such as those that undo a block. Throws `Error`
  /// (input) for entries that no state has.
  void write(const StateWrites& writes);

  /// What is new, sorted by key.
  [[nodiscard]] StateWrites writes() const { return entries_in(*this); }
  /// What it takes back: the same entries as they are in the base.
  [[nodiscard]] StateWrites undo() const { return entries_in(base_); }

 private:
  class EffectOf;

  /// Every entry that was changed, as it is in `view`.
  [[nodiscard]] StateWrites entries_in(const StateView& view) const;
  KeyRecord& change_key(const KeyId& id);
  void end_key(const KeyId& id, KeyStatus status);
  void put_key(const KeyId& id, std::optional<KeyRecord> record);

  const StateView& base_;
  // What was changed, with nothing for what is not there any more.
  std::unordered_map<KeyId, std::optional<KeyRecord>, IdHash> keys_;
  std::unordered_map<Digest, bool, IdHash> erased_;
  std::map<std::size_t, std::optional<ValidatorEntry>> validators_;  // by validator_slot
  RoleCounts active_{};  // more than in the base, modulo 2^64

  // Statements of one signer mostly come in a row.
  KeyId last_id_{};
  KeyRecord* last_record_ = nullptr;
};

}  // namespace salus::node
