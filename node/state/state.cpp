#include "node/state/state.h"

#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "node/state/sorted_ids.h"

namespace salus::node {
State::State() : validators_(kMaxValidatorWindow) {}

const KeyRecord* State::find_key(const KeyId& id) const {
  const auto found = keys_.find(id);
  return found == keys_.end() ? nullptr : &found->second;
}

bool State::is_erased(const Digest& statement) const { return erased_.contains(statement); }

std::optional<ValidatorEntry> State::validator_entry(std::size_t slot) const {
  return validators_[slot];
}

std::uint64_t State::active_keys(Role role) const {
  return active_[static_cast<std::size_t>(role)];
}

void State::write(const StateWrites& writes) {
  writes.for_each([this](Bytes key, std::optional<Bytes> value) { write(key, value); });
}

void State::write(Bytes key, std::optional<Bytes> value) {
  const StateKey read = read_state_key(key);
  if (const auto* id = std::get_if<KeyId>(&read)) return write_key_record(*id, value);
  if (const auto* slot = std::get_if<std::size_t>(&read)) {
    std::optional<ValidatorEntry>& entry = validators_[*slot];
    entry.reset();
    if (value) entry = read_validator_entry(*value);
    if (entry && validator_slot(entry->height) != *slot)
      throw Error(ErrorKind::input, "an entry of the state is in the wrong place");
    return;
  }
  const Digest& statement = std::get<Digest>(read);
  if (!value) {
    erased_.erase(statement);
  } else if (value->empty()) {
    erased_.insert(statement);
  } else {
    throw Error(ErrorKind::input, "an entry of the state is damaged");
  }
}

void State::write_key_record(const KeyId& id, std::optional<Bytes> value) {
  const auto found = keys_.find(id);
  if (found != keys_.end()) count(found->second, ~std::uint64_t{0});
  if (!value) {
    if (found != keys_.end()) keys_.erase(found);
    return;
  }
  const KeyRecord record = read_key_record(*value);
  count(record, 1);
  if (found != keys_.end()) {
    found->second = record;
  } else {
    keys_.emplace(id, record);
  }
}

/// Adds to the number of active keys, modulo 2^64.
void State::count(const KeyRecord& record, std::uint64_t difference) {
  if (record.is_active()) active_[static_cast<std::size_t>(record.role)] += difference;
}

StateWrites State::contents() const {
  StateWrites all;
  for (const Digest& id : sorted_ids<Digest>(erased_, [](const Digest& e) { return e; }))
    write_erased(all, id, true);
  for (const KeyId& id : sorted_ids<KeyId>(keys_, [](const auto& e) { return e.first; }))
    write_key(all, id, &keys_.at(id));
  for (std::size_t slot = 0; slot < validators_.size(); ++slot)
    if (validators_[slot]) write_validator(all, slot, &*validators_[slot]);
  return all;
}

Digest State::digest() const { return openssl_sha256(contents().bytes()); }

void State::for_each_key(const std::function<void(const KeyId&, const KeyRecord&)>& visit) const {
  for (const auto& [id, record] : keys_) visit(id, record);
}

}  // namespace salus::node
