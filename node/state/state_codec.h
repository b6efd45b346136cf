// Entries of the state as bytes.
//
//   key                                    value
//   'E' and 32 bytes of a statement's id   nothing
//   'K' and 16 bytes of a key's id         a KeyRecord
//   'V' and 4 bytes, height mod window     height (8 bytes), id of the validator's key (16 bytes)
//
// Numbers are big-endian, so that keys sort as their numbers do. There is one encoding of each
// record: equal states have equal bytes.
#pragma once

#include <cstdint>
#include <variant>

#include "engine/bytes.h"
#include "node/state/key_record.h"
#include "node/state/state_view.h"
#include "node/state/state_writes.h"

namespace salus::node {

// Each puts an entry, or says that there is none.
void write_key(StateWrites& writes, const KeyId& id, const KeyRecord* record);
void write_erased(StateWrites& writes, const Digest& statement, bool is_erased);
void write_validator(StateWrites& writes, std::size_t slot, const ValidatorEntry* entry);

/// What a key of the state stands for: an erased statement, a key, or the slot of a validator.
using StateKey = std::variant<Digest, KeyId, std::size_t>;

// Throw `Error` (input) for bytes that were not written above.
StateKey read_state_key(Bytes key);
KeyRecord read_key_record(Bytes value);
ValidatorEntry read_validator_entry(Bytes value);

}  // namespace salus::node
