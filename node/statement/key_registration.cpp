#include "node/statement/key_registration.h"

#include "engine/cbor_writer.h"
#include "engine/signature/cose_key.h"
#include "node/statement/payload_reader.h"

namespace salus::node {
namespace {

constexpr std::uint64_t kKey = 1;
constexpr std::uint64_t kRole = 2;
constexpr std::uint64_t kName = 3;

}  // namespace

std::vector<std::uint8_t> encode(const KeyRegistration& registration) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.map(registration.name.empty() ? 2 : 3);
  writer.unsigned_integer(kKey);
  writer.encoded(engine::signature::encode_cose_key(registration.key));
  writer.unsigned_integer(kRole);
  writer.unsigned_integer(static_cast<std::uint64_t>(registration.role));
  if (registration.name.empty()) return out;
  writer.unsigned_integer(kName);
  writer.text_string(registration.name);
  return out;
}

std::optional<KeyRegistration> decode_key_registration(Bytes payload) {
  PayloadReader reader(payload);
  KeyRegistration out;
  out.key = reader.key(kKey);
  const std::optional<Role> role = role_from_number(reader.number(kRole));
  out.name = reader.optional_text(kName, kMaxKeyNameBytes);
  if (!role || !reader.finished()) return std::nullopt;
  out.role = *role;
  return out;
}

}  // namespace salus::node
