#include "node/statement/key_rotation.h"

#include "engine/cbor_writer.h"
#include "engine/signature/cose_key.h"
#include "node/statement/payload_reader.h"

namespace salus::node {
namespace {

constexpr std::uint64_t kOldKey = 1;
constexpr std::uint64_t kNewKey = 2;

}  // namespace

std::vector<std::uint8_t> encode(const KeyRotation& rotation) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.map(2);
  writer.unsigned_integer(kOldKey);
  writer.byte_string(rotation.old_key);
  writer.unsigned_integer(kNewKey);
  writer.encoded(engine::signature::encode_cose_key(rotation.new_key));
  return out;
}

std::optional<KeyRotation> decode_key_rotation(Bytes payload) {
  PayloadReader reader(payload);
  KeyRotation out;
  out.old_key = reader.key_id(kOldKey);
  out.new_key = reader.key(kNewKey);
  if (!reader.finished()) return std::nullopt;
  return out;
}

}  // namespace salus::node
