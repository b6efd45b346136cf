#include "tests/node/state/signers.h"

#include <stdexcept>

#include "node/statement/senml.h"

namespace salus::node::test {

OwnedStatement make_statement(const SigningKey& key, ContentType type, Bytes payload,
                              std::uint64_t sequence, std::int64_t issued_at) {
  OwnedStatement made;
  made.message = sign_statement(key, {{}, {}, issued_at, sequence}, type, payload);
  const auto parsed = parse_statement(made.message);
  if (!std::holds_alternative<Statement>(parsed)) throw std::logic_error("no statement");
  made.statement = std::get<Statement>(parsed);
  made.id = statement_id(made.statement);
  return made;
}

std::vector<std::uint8_t> telemetry_payload() {
  SenmlRecord record;
  record.name = "hr";
  record.unit = "beat/min";
  record.value = 61.0;
  std::vector<std::uint8_t> payload;
  append_senml(std::vector{record}, payload);
  return payload;
}

KeyRecord record_of(const SigningKey& key, Role role, std::int64_t registered_at) {
  return new_key_record(key.public_key(), role, registered_at);
}

std::variant<StatementChange, Refusal> decide(const StateView& view, const OwnedStatement& made,
                                              const RuleContext& context) {
  if (const auto refusal = check_payload(made.statement)) return *refusal;
  const auto signer = find_signer(view, made.statement);
  if (const auto* refusal = std::get_if<Refusal>(&signer)) return *refusal;
  return apply_rules(view, made.statement, made.id, *std::get<const KeyRecord*>(signer), context);
}

}  // namespace salus::node::test
