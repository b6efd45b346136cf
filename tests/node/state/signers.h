// Keys and signed statements for tests of the rules.
#pragma once

#include <memory>
#include <vector>

#include "node/state/rules.h"
#include "node/state/state_overlay.h"
#include "node/statement/sign.h"
#include "node/statement/signing_key.h"

namespace salus::node::test {

inline constexpr std::int64_t kNow = 1'700'000'000;

/// A statement together with the bytes that it is a view of.
struct OwnedStatement {
  std::vector<std::uint8_t> message;
  Statement statement;
  Digest id{};
};

/// Signs and reads back. Aborts the test where that does not work.
OwnedStatement make_statement(const SigningKey& key, ContentType type, Bytes payload,
                              std::uint64_t sequence, std::int64_t issued_at = kNow);

/// A valid pack.
std::vector<std::uint8_t> telemetry_payload();

/// The record of a key that was registered at `kNow`.
KeyRecord record_of(const SigningKey& key, Role role, std::int64_t registered_at = kNow);

/// All of the chain's checks but the signature's, in their order.
std::variant<StatementChange, Refusal> decide(const StateView& view, const OwnedStatement& made,
                                              const RuleContext& context);

}  // namespace salus::node::test
