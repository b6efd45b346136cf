// The state of the chain after a block, in memory: keys, erasures, and who signed the last blocks.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "node/state/id_hash.h"
#include "node/state/state_codec.h"
#include "node/state/state_view.h"
#include "node/state/state_writes.h"

namespace salus::node {

/// Any number of readers, or one writer.
class State final : public StateView {
 public:
  State();

  [[nodiscard]] const KeyRecord* find_key(const KeyId& id) const override;
  [[nodiscard]] bool is_erased(const Digest& statement) const override;
  [[nodiscard]] std::optional<ValidatorEntry> validator_entry(std::size_t slot) const override;
  [[nodiscard]] std::uint64_t active_keys(Role role) const override;

  /// Carries out the changes of a block, those that undo one, or what `contents` returned. Throws
  /// `Error` (input) for entries that no state has; the state is of no use then.
  void write(const StateWrites& writes);
  /// One entry, as a store holds it.
  void write(Bytes key, std::optional<Bytes> value);

  /// Everything, sorted by key: equal for equal states.
  [[nodiscard]] StateWrites contents() const;
  /// SHA-256 of `contents`.
  [[nodiscard]] Digest digest() const;

  /// Whether anything was ever erased: as long as not, nobody need work out ids to ask.
  [[nodiscard]] bool has_erasures() const { return !erased_.empty(); }

  void for_each_key(const std::function<void(const KeyId&, const KeyRecord&)>& visit) const;

 private:
  void write_key_record(const KeyId& id, std::optional<Bytes> value);
  void count(const KeyRecord& record, std::uint64_t difference);

  std::unordered_map<KeyId, KeyRecord, IdHash> keys_;
  std::unordered_set<Digest, IdHash> erased_;
  std::vector<std::optional<ValidatorEntry>> validators_;  // by validator_slot
  RoleCounts active_{};                                    // by Role; follows from keys_
};

}  // namespace salus::node
