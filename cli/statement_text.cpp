#include "cli/statement_text.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "cli/payload_text.h"
#include "cli/statement_diagnostic.h"
#include "engine/error.h"
#include "engine/signature/reference.h"
#include "node/state/rules.h"
#include "node/statement/cose_sign1.h"
#include "node/statement/senml.h"
#include "node/statement/statement.h"

namespace salus::cli {
namespace {

using engine::signature::PublicKey;
using engine::signature::Reason;
using node::Algorithm;
using node::ContentType;
using node::CoseSign1;
using node::Statement;

std::string line(std::string_view name, std::string_view value) {
  return fmt::format("{:<10} {}\n", name, value);
}

/// Text of a statement, which holds no control characters.
std::string optional_line(std::string_view name, std::string_view value) {
  return value.empty() ? std::string() : line(name, value);
}

/// "2023-11-14T22:13:20Z", with milliseconds where there are any.
std::string time_text(double seconds) {
  if (!(seconds >= 0 && seconds <= static_cast<double>(node::kLatestTime)))
    return fmt::format("{} s", seconds);
  constexpr std::int64_t kMilliseconds = 1000;
  const std::int64_t rounded = std::llround(seconds * kMilliseconds);
  const std::string date =
      fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(rounded / kMilliseconds));
  const std::int64_t rest = rounded % kMilliseconds;
  return rest == 0 ? date + "Z" : fmt::format("{}.{:03}Z", date, rest);
}

struct ValueText {
  std::string operator()(std::monostate) const { return "-"; }
  std::string operator()(double value) const { return fmt::format("{}", value); }
  std::string operator()(std::string_view value) const { return diagnostic_text(value); }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(Bytes value) const { return diagnostic_bytes(value); }
};

std::string measurement_line(const node::SenmlMeasurement& measurement) {
  std::string text = fmt::format("  {}  {}  {}", time_text(measurement.time), measurement.name,
                                 std::visit(ValueText(), measurement.value));
  if (!measurement.unit.empty()) text += fmt::format(" {}", measurement.unit);
  if (measurement.sum) text += fmt::format("  sum {}", *measurement.sum);
  return text + '\n';
}

/// What a payload holds: measurements, text, or CBOR.
std::string payload_lines(const Statement& statement) {
  const std::string size = fmt::format("{} bytes", statement.payload.size());
  if (node::check_payload(statement))
    return line("payload", size + ", not what its type says: a node refuses it");
  std::string out = line("payload", size);
  if (statement.type != ContentType::senml_cbor)
    return out + own_payload_text(statement.type, statement.payload);
  const auto measurements = node::resolve_senml(statement.payload, statement.issued_at);
  for (const auto& measurement : *measurements) out += measurement_line(measurement);
  return out;
}

/// Embedded CBOR as <<...>>, other bytes as text where they are UTF-8, else in hex.
std::string embedded(Bytes bytes) {
  if (const auto item = diagnostic_notation(bytes)) return fmt::format("<<{}>>", *item);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!bytes.empty() && is_utf8(text)) return diagnostic_text(text);
  return diagnostic_bytes(bytes);
}

std::string message_line(const CoseSign1& message) {
  const std::string body = fmt::format(
      "[{}, {}, {}, {}]",
      message.protected_header.empty() ? "h''" : embedded(message.protected_header),
      diagnostic_notation(message.unprotected_header).value_or("?"),
      message.payload ? embedded(*message.payload) : "null", diagnostic_bytes(message.signature));
  return line("message", message.tagged ? fmt::format("18({})", body) : body);
}

std::optional<Algorithm> algorithm_of(std::int64_t number) {
  constexpr std::int64_t kEs256 = -7;
  constexpr std::int64_t kEdDsa = -8;
  constexpr std::int64_t kEsp256 = -9;
  constexpr std::int64_t kEd25519 = -19;
  switch (number) {
    case kEdDsa:
    case kEd25519: return Algorithm::ed25519;
    case kEs256:
    case kEsp256: return Algorithm::p256;
    default: return std::nullopt;
  }
}

/// The algorithm that a protected header names in its label 1, if it is one of ours.
std::optional<Algorithm> named_algorithm(Bytes header) {
  constexpr std::int64_t kAlgorithm = 1;
  CborCursor cursor(header, CborForm::any);
  const std::uint64_t pairs = cursor.map();
  for (std::uint64_t i = 0; i < pairs && !cursor.failed(); ++i) {
    const bool is_number = cursor.peek().major <= CborMajor::negative_integer;
    const bool is_algorithm = is_number && CborCursor(cursor).integer() == kAlgorithm;
    cursor.item();
    if (is_algorithm) return algorithm_of(cursor.integer());
    cursor.item();
  }
  return std::nullopt;
}

struct Verdict {
  SignatureCheck check = SignatureCheck::unchecked;
  std::string text;
};

/// What the keys that may be the signer's say of a signature.
Verdict verdict_of(Algorithm algorithm, Bytes signed_bytes, Bytes signature,
                   const std::vector<const PublicKey*>& keys) {
  Verdict verdict;
  for (const PublicKey* const key : keys) {
    const Reason reason =
        engine::signature::verify_reference({algorithm, key->bytes, signed_bytes, signature});
    if (reason == Reason::valid)
      return {SignatureCheck::valid, "valid, by key " + to_hex(node::key_id(*key))};
    verdict = {SignatureCheck::invalid,
               fmt::format("INVALID: {}", engine::signature::to_string(reason))};
  }
  return verdict;
}

Verdict check_statement(const Statement& statement, std::span<const PublicKey> keys) {
  std::vector<const PublicKey*> signers;
  for (const PublicKey& key : keys)
    if (node::key_id(key) == statement.signer) signers.push_back(&key);
  if (signers.empty())
    return {SignatureCheck::unchecked, keys.empty() ? "not checked: give the signer's --key"
                                                    : "not checked: no --key has this id"};
  if (signers.front()->algorithm != statement.algorithm)
    return {SignatureCheck::invalid,
            fmt::format("INVALID: the key is one of {}",
                        engine::signature::to_string(signers.front()->algorithm))};
  std::vector<std::uint8_t> signed_bytes;
  node::append_signed_bytes(statement, signed_bytes);
  return verdict_of(statement.algorithm, signed_bytes, statement.signature, signers);
}

Verdict check_other(const CoseSign1& message, std::span<const PublicKey> keys) {
  const auto algorithm = named_algorithm(message.protected_header);
  if (!algorithm)
    return {SignatureCheck::unchecked, "not checked: no algorithm of ours in its header"};
  if (!message.payload) return {SignatureCheck::unchecked, "not checked: the payload is detached"};
  std::vector<const PublicKey*> candidates;
  for (const PublicKey& key : keys)
    if (key.algorithm == *algorithm) candidates.push_back(&key);
  if (candidates.empty())
    return {SignatureCheck::unchecked,
            fmt::format("not checked: give the signer's --key, one of {}",
                        engine::signature::to_string(*algorithm))};
  std::vector<std::uint8_t> signed_bytes;
  node::append_signature1(message.protected_header, {}, *message.payload, signed_bytes);
  return verdict_of(*algorithm, signed_bytes, message.signature, candidates);
}

std::string statement_lines(const Statement& statement) {
  return line("statement", to_hex(node::statement_id(statement))) +
         line("signer", to_hex(statement.signer)) +
         line("algorithm", engine::signature::to_string(statement.algorithm)) +
         line("type", node::media_type(statement.type)) +
         optional_line("issuer", statement.issuer) + optional_line("subject", statement.subject) +
         line("issued", time_text(static_cast<double>(statement.issued_at))) +
         line("sequence", fmt::format("{}", statement.sequence));
}

}  // namespace

ShownMessage show_message(Bytes message, std::span<const PublicKey> keys) {
  const auto parts = node::parse_cose_sign1(message, CborForm::any);
  if (!parts)
    throw Error(ErrorKind::input,
                "not a COSE_Sign1 message (CBOR of definite lengths, nested at most 8 deep)");
  const auto parsed = node::parse_statement(message, node::kMaxStatementBytes);
  if (const auto* const statement = std::get_if<Statement>(&parsed)) {
    const Verdict verdict = check_statement(*statement, keys);
    return {statement_lines(*statement) + line("signature", verdict.text) +
                payload_lines(*statement) + message_line(*parts),
            verdict.check};
  }
  const Verdict verdict = check_other(*parts, keys);
  return {line("COSE_Sign1", fmt::format("no statement that a node would take: {}",
                                         to_string(std::get<node::Refusal>(parsed)))) +
              line("signature", verdict.text) + message_line(*parts),
          verdict.check};
}

}  // namespace salus::cli
