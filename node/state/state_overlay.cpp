#include "node/state/state_overlay.h"

#include "node/state/sorted_ids.h"

#include <cassert>
#include <utility>

namespace salus::node {

const KeyRecord* StateOverlay::find_key(const KeyId& id) const {
  if (last_record_ != nullptr && id == last_id_) return last_record_;
  const auto found = keys_.find(id);
  if (found == keys_.end()) return base_.find_key(id);
  return found->second ? &*found->second : nullptr;
}

bool StateOverlay::is_erased(const Digest& statement) const {
  const auto found = erased_.find(statement);
  return found != erased_.end() ? found->second : base_.is_erased(statement);
}

std::optional<ValidatorEntry> StateOverlay::validator_entry(std::size_t slot) const {
  const auto found = validators_.find(slot);
  return found != validators_.end() ? found->second : base_.validator_entry(slot);
}

std::uint64_t StateOverlay::active_keys(Role role) const {
  return base_.active_keys(role) + active_[static_cast<std::size_t>(role)];
}

/// The record as it is to become. The key is known.
KeyRecord& StateOverlay::change_key(const KeyId& id) {
  if (last_record_ != nullptr && id == last_id_) return *last_record_;
  auto found = keys_.find(id);
  if (found == keys_.end()) {
    const KeyRecord* record = base_.find_key(id);
    assert(record != nullptr);
    found = keys_.emplace(id, *record).first;
  }
  assert(found->second.has_value());
  last_id_ = id;
  last_record_ = &*found->second;
  return *last_record_;
}

void StateOverlay::end_key(const KeyId& id, KeyStatus status) {
  KeyRecord& record = change_key(id);
  assert(record.is_active());
  record.status = status;
  --active_[static_cast<std::size_t>(record.role)];
}

void StateOverlay::put_key(const KeyId& id, std::optional<KeyRecord> record) {
  const KeyRecord* old = find_key(id);
  if (old != nullptr && old->is_active()) --active_[static_cast<std::size_t>(old->role)];
  if (record && record->is_active()) ++active_[static_cast<std::size_t>(record->role)];
  keys_.insert_or_assign(id, std::move(record));
  last_record_ = nullptr;
}

void StateOverlay::add_key(const KeyId& id, const KeyRecord& record) {
  assert(find_key(id) == nullptr);
  put_key(id, record);
}

void StateOverlay::write(const StateWrites& writes) {
  writes.for_each([this](Bytes key, std::optional<Bytes> value) {
    const StateKey read = read_state_key(key);
    if (const auto* id = std::get_if<KeyId>(&read)) {
      put_key(*id, value ? std::optional(read_key_record(*value)) : std::nullopt);
    } else if (const auto* slot = std::get_if<std::size_t>(&read)) {
      validators_[*slot] = value ? std::optional(read_validator_entry(*value)) : std::nullopt;
    } else {
      erased_[std::get<Digest>(read)] = value.has_value();
    }
  });
}

/// Carries out what a statement does beside raising its signer's sequence.
class StateOverlay::EffectOf {
 public:
  EffectOf(StateOverlay& overlay, const KeyId& signer) : overlay_(overlay), signer_(signer) {}

  void operator()(std::monostate /*nothing*/) const {}
  void operator()(const AddKey& effect) const { overlay_.add_key(effect.id, effect.record); }
  void operator()(const ReplaceKey& effect) const {
    overlay_.end_key(effect.old_id, KeyStatus::replaced);
    overlay_.change_key(effect.old_id).replaced_by = effect.new_id;
    overlay_.add_key(effect.new_id, effect.record);
  }
  void operator()(const RevokeKey& effect) const {
    overlay_.end_key(effect.id, KeyStatus::revoked);
  }
  void operator()(const EraseBody& effect) const { overlay_.erased_[effect.statement] = true; }
  void operator()(const RecordValidator& effect) const {
    overlay_.validators_[validator_slot(effect.height)] = ValidatorEntry{effect.height, signer_};
  }

 private:
  StateOverlay& overlay_;
  const KeyId& signer_;
};

void StateOverlay::apply(const StatementChange& change) {
  change_key(change.signer).last = change.last;
  std::visit(EffectOf(*this, change.signer), change.effect);
}

StateWrites StateOverlay::entries_in(const StateView& view) const {
  StateWrites entries;
  for (const Digest& id : sorted_ids<Digest>(erased_, [](const auto& e) { return e.first; }))
    write_erased(entries, id, view.is_erased(id));
  for (const KeyId& id : sorted_ids<KeyId>(keys_, [](const auto& e) { return e.first; }))
    write_key(entries, id, view.find_key(id));
  for (const auto& [slot, unused] : validators_) {
    const std::optional<ValidatorEntry> entry = view.validator_entry(slot);
    write_validator(entries, slot, entry ? &*entry : nullptr);
  }
  return entries;
}

}  // namespace salus::node
