// Any bytes as a statement, as a COSE_Sign1 and as each kind of payload: what is taken lies within
// the input, is the same when it is read again, and payloads of our own have one encoding.
#include <algorithm>
#include <variant>

#include "node/statement/cose_sign1.h"
#include "node/statement/data_seal.h"
#include "node/statement/erasure.h"
#include "node/statement/key_registration.h"
#include "node/statement/key_revocation.h"
#include "node/statement/key_rotation.h"
#include "node/statement/senml.h"
#include "node/statement/statement.h"
#include "node/statement/validator.h"
#include "tests/fuzz/require.h"

namespace {

using namespace salus::node;
using salus::Bytes;

using salus::fuzz::require;

void require_within(Bytes part, Bytes whole) {
  require(part.empty() || (part.data() >= whole.data() &&
                           part.data() + part.size() <= whole.data() + whole.size()));
}

template <typename Payload>
void check_encoding(const std::optional<Payload>& payload, Bytes bytes) {
  if (payload) require(std::ranges::equal(encode(*payload), bytes));
}

void check_payload(Bytes bytes) {
  check_encoding(decode_key_registration(bytes), bytes);
  check_encoding(decode_key_rotation(bytes), bytes);
  check_encoding(decode_key_revocation(bytes), bytes);
  check_encoding(decode_data_seal(bytes), bytes);
  check_encoding(decode_erasure(bytes), bytes);
  check_encoding(decode_validator(bytes), bytes);
  const auto measurements = resolve_senml(bytes, 1700000000);
  require(measurements.has_value() == is_senml_pack(bytes));
  if (!measurements) return;
  for (const SenmlMeasurement& measurement : *measurements) {
    require(!measurement.name.empty() && measurement.name.size() <= kMaxSenmlNameBytes);
    require_within(salus::as_bytes(measurement.unit), bytes);
  }
}

/// Records that are read and written give the same measurements.
void check_senml_again(Bytes bytes) {
  if (!is_senml_pack(bytes)) return;
  std::vector<SenmlRecord> records;
  SenmlReader reader(bytes);
  while (const SenmlRecord* const record = reader.next()) records.push_back(*record);
  std::vector<std::uint8_t> again;
  append_senml(records, again);
  require(is_senml_pack(again));
  require(resolve_senml(again, 0)->size() == resolve_senml(bytes, 0)->size());
}

void check_statement(const Statement& statement, Bytes input) {
  for (const Bytes part : {statement.protected_header, statement.payload, statement.signature,
                           salus::as_bytes(statement.issuer), salus::as_bytes(statement.subject)})
    require_within(part, input);
  require(statement.signature.size() == 64);
  require(statement.issued_at >= 0 && statement.issued_at <= kLatestTime);
  require(statement.message.data() == input.data() && statement.message.size() == input.size());
  std::vector<std::uint8_t> bytes;
  append_signed_bytes(statement, bytes);
  require(bytes.size() == signed_bytes_size(statement));
  const auto parts = parse_cose_sign1(input);
  require(parts.has_value() && parts->tagged && parts->payload.has_value());
  check_payload(statement.payload);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  const auto result = parse_statement(input);
  if (const auto* const statement = std::get_if<Statement>(&result))
    check_statement(*statement, input);
  if (const auto message = parse_cose_sign1(input)) {
    require_within(message->protected_header, input);
    require_within(message->unprotected_header, input);
    require_within(message->signature, input);
  }
  check_payload(input);
  check_senml_again(input);
  return 0;
}
