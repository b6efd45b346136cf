#include "node/state/state_codec.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "engine/error.h"

namespace salus::node {
namespace {

constexpr std::uint8_t kErased = 'E';
constexpr std::uint8_t kKey = 'K';
constexpr std::uint8_t kValidator = 'V';
constexpr std::size_t kSlotBytes = 4;

/// A short entry, put together in place.
template <std::size_t Room>
class Writer {
 public:
  void byte(std::uint8_t value) { bytes_[size_++] = value; }
  void put(Bytes bytes) {
    std::ranges::copy(bytes, bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += bytes.size();
  }
  void number(std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = bytes; i-- > 0;) byte(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  [[nodiscard]] Bytes bytes() const { return Bytes(bytes_).first(size_); }

 private:
  std::array<std::uint8_t, Room> bytes_{};
  std::size_t size_ = 0;
};

[[noreturn]] void fail() { throw Error(ErrorKind::input, "an entry of the state is damaged"); }

class Reader {
 public:
  explicit Reader(Bytes bytes) : rest_(bytes) {}

  Bytes take(std::size_t size) {
    if (rest_.size() < size) fail();
    const Bytes taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  std::uint64_t number(std::size_t bytes) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : take(bytes)) value = value << 8 | byte;
    return value;
  }
  /// One of the numbers up to `last` that an enumeration has.
  template <typename Enum>
  Enum one_of(Enum last) {
    const std::uint8_t value = take(1)[0];
    if (value > static_cast<std::uint8_t>(last)) fail();
    return static_cast<Enum>(value);
  }
  bool flag() { return one_of(std::uint8_t{1}) != 0; }
  template <typename Array>
  Array array() {
    Array out;
    std::ranges::copy(take(out.size()), out.begin());
    return out;
  }
  void end() const {
    if (!rest_.empty()) fail();
  }

 private:
  Bytes rest_;
};

constexpr std::size_t kKeyRecordRoom = 3 + engine::signature::kP256KeyBytes + 8 + 1 + 16 + 1 + 40;

Writer<kKeyRecordRoom> encode(const KeyRecord& record) {
  Writer<kKeyRecordRoom> out;
  out.byte(static_cast<std::uint8_t>(record.algorithm));
  out.byte(static_cast<std::uint8_t>(record.role));
  out.byte(static_cast<std::uint8_t>(record.status));
  out.put(record.public_key());
  out.number(static_cast<std::uint64_t>(record.registered_at), 8);
  out.byte(record.replaced_by.has_value() ? 1 : 0);
  if (record.replaced_by) out.put(*record.replaced_by);
  out.byte(record.last.has_value() ? 1 : 0);
  if (record.last) {
    out.number(record.last->sequence, 8);
    out.put(record.last->id);
  }
  return out;
}

}  // namespace

void write_key(StateWrites& writes, const KeyId& id, const KeyRecord* record) {
  Writer<1 + sizeof(KeyId)> key;
  key.byte(kKey);
  key.put(id);
  if (record == nullptr) return writes.remove(key.bytes());
  writes.put(key.bytes(), encode(*record).bytes());
}

void write_erased(StateWrites& writes, const Digest& statement, bool is_erased) {
  Writer<1 + sizeof(Digest)> key;
  key.byte(kErased);
  key.put(statement);
  if (!is_erased) return writes.remove(key.bytes());
  writes.put(key.bytes(), {});
}

void write_validator(StateWrites& writes, std::size_t slot, const ValidatorEntry* entry) {
  assert(slot < kMaxValidatorWindow);
  Writer<1 + kSlotBytes> key;
  key.byte(kValidator);
  key.number(slot, kSlotBytes);
  if (entry == nullptr) return writes.remove(key.bytes());
  Writer<8 + sizeof(KeyId)> value;
  value.number(entry->height, 8);
  value.put(entry->validator);
  writes.put(key.bytes(), value.bytes());
}

StateKey read_state_key(Bytes key) {
  Reader reader(key);
  const std::uint8_t table = reader.take(1)[0];
  StateKey out;
  if (table == kErased) {
    out = reader.array<Digest>();
  } else if (table == kKey) {
    out = reader.array<KeyId>();
  } else if (table == kValidator) {
    const std::uint64_t slot = reader.number(kSlotBytes);
    if (slot >= kMaxValidatorWindow) fail();
    out = static_cast<std::size_t>(slot);
  } else {
    fail();
  }
  reader.end();
  return out;
}

KeyRecord read_key_record(Bytes value) {
  Reader reader(value);
  KeyRecord record;
  record.algorithm = reader.one_of(Algorithm::p256);
  const std::optional<Role> role = role_from_number(reader.take(1)[0]);
  if (!role) fail();
  record.role = *role;
  record.status = reader.one_of(KeyStatus::revoked);
  std::ranges::copy(reader.take(record.public_key().size()), record.key_bytes.begin());
  record.registered_at = static_cast<std::int64_t>(reader.number(8));
  if (reader.flag()) record.replaced_by = reader.array<KeyId>();
  if (reader.flag()) {
    record.last.emplace();
    record.last->sequence = reader.number(8);
    record.last->id = reader.array<Digest>();
  }
  reader.end();
  return record;
}

ValidatorEntry read_validator_entry(Bytes value) {
  Reader reader(value);
  ValidatorEntry entry;
  entry.height = reader.number(8);
  entry.validator = reader.array<KeyId>();
  reader.end();
  return entry;
}

}  // namespace salus::node
