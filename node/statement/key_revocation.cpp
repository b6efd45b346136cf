#include "node/statement/key_revocation.h"

#include <cstdlib>

#include "engine/cbor_writer.h"
#include "node/statement/payload_reader.h"

namespace salus::node {
namespace {

constexpr std::uint64_t kKey = 1;
constexpr std::uint64_t kReason = 2;

std::optional<RevocationReason> reason_from_number(std::uint64_t number) {
  switch (number) {
    case static_cast<std::uint64_t>(RevocationReason::unspecified):
    case static_cast<std::uint64_t>(RevocationReason::key_compromise):
    case static_cast<std::uint64_t>(RevocationReason::affiliation_changed):
    case static_cast<std::uint64_t>(RevocationReason::superseded):
    case static_cast<std::uint64_t>(RevocationReason::cessation_of_operation):
    case static_cast<std::uint64_t>(RevocationReason::privilege_withdrawn):
      return static_cast<RevocationReason>(number);
    default: return std::nullopt;
  }
}

}  // namespace

std::string_view to_string(RevocationReason reason) {
  switch (reason) {
    case RevocationReason::unspecified: return "unspecified";
    case RevocationReason::key_compromise: return "key_compromise";
    case RevocationReason::affiliation_changed: return "affiliation_changed";
    case RevocationReason::superseded: return "superseded";
    case RevocationReason::cessation_of_operation: return "cessation_of_operation";
    case RevocationReason::privilege_withdrawn: return "privilege_withdrawn";
  }
  std::abort();  // not one of them: a number cast by mistake
}

std::vector<std::uint8_t> encode(const KeyRevocation& revocation) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.map(2);
  writer.unsigned_integer(kKey);
  writer.byte_string(revocation.key);
  writer.unsigned_integer(kReason);
  writer.unsigned_integer(static_cast<std::uint64_t>(revocation.reason));
  return out;
}

std::optional<KeyRevocation> decode_key_revocation(Bytes payload) {
  PayloadReader reader(payload);
  KeyRevocation out;
  out.key = reader.key_id(kKey);
  const std::optional<RevocationReason> reason = reason_from_number(reader.number(kReason));
  if (!reason || !reader.finished()) return std::nullopt;
  out.reason = *reason;
  return out;
}

}  // namespace salus::node
