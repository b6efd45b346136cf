// A statement: what devices, authorities and validators sign, as one COSE_Sign1 message.
//
//   18([ << {1: alg, 3: content type, 4: kid, 15: {1: iss, 2: sub, 6: iat, "seq": n}} >>,
//        {}, payload, signature ])                       RFC 9052, RFC 9597; docs/formats.md
//
// A statement's id is the SHA-256 of its Sig_structure, so that a message which is encoded anew or
// signed again has the same id. A tree's leaf covers the whole message.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/bytes.h"
#include "engine/signature/signature.h"
#include "node/statement/refusal.h"

namespace salus::node {

using engine::signature::Algorithm;

/// The first 16 bytes of the thumbprint of a key as COSE_Key (RFC 9679).
struct KeyId : std::array<std::uint8_t, 16> {
  friend auto operator<=>(const KeyId&, const KeyId&) = default;
};

/// What a statement is about, by its content type (label 3).
enum class ContentType : std::uint8_t {
  senml_cbor,  ///< application/senml+cbor, also as CoAP's number 112
  senml_json,  ///< application/senml+json, also as CoAP's number 110; not looked into
  fhir_json,   ///< application/fhir+json; not looked into
  key_registration,
  key_rotation,
  key_revocation,
  data_seal,
  erasure,
  validator,
};

/// The media type: "application/senml+cbor", "application/vnd.salus.key-registration+cbor", ...
std::string_view media_type(ContentType type);
std::optional<ContentType> content_type_from_media_type(std::string_view text);

/// Longest encoded statement that any chain takes; a chain's own limit may be lower.
inline constexpr std::size_t kMaxStatementBytes = std::size_t{1} << 20;
inline constexpr std::size_t kDefaultStatementBytes = std::size_t{64} << 10;

inline constexpr std::size_t kMaxClaimBytes = 255;  ///< Of `iss` and of `sub`.
/// Latest `iat`: the last second of the year 9999, so that every time can be written (RFC 3339) and
/// added to without overflow.
inline constexpr std::int64_t kLatestTime = 253402300799;

/// Views into the message that it was read from, which must outlive it.
struct Statement {
  Algorithm algorithm = Algorithm::ed25519;
  ContentType type = ContentType::senml_cbor;
  KeyId signer{};              ///< kid
  std::string_view issuer;     ///< iss: who runs the signer; empty where it is not said
  std::string_view subject;    ///< sub: what it is about, a pseudonym; empty where it is not said
  std::int64_t issued_at = 0;  ///< iat: seconds since 1970 UTC
  std::uint64_t sequence = 0;  ///< seq: only ever rises for one signer
  Bytes protected_header;      ///< What the byte string holds.
  Bytes payload;
  Bytes signature;  ///< 64 bytes.
  Bytes message;    ///< All of it, tag included.
};

/// Reads one message strictly: tag 18, shortest definite lengths, no label twice, nothing in the
/// unprotected header, nothing behind, every length bounded. Says what is wrong as a value;
/// `malformed` goes before `unsupported_...`. The payload is not looked into; whether the signature
/// holds, and whether the chain's state permits it, neither. Pure; allocates nothing.
std::variant<Statement, Refusal> parse_statement(Bytes message,
                                                 std::size_t max_bytes = kDefaultStatementBytes);

/// Appends the bytes that are signed: the Sig_structure ["Signature1", protected, h'', payload].
/// Without an allocation where `out` has `signed_bytes_size` of capacity left.
void append_signed_bytes(const Statement& statement, std::vector<std::uint8_t>& out);

/// How many bytes `append_signed_bytes` appends.
std::size_t signed_bytes_size(const Statement& statement);

/// SHA-256 of the signed bytes. For many at once, hash what `append_signed_bytes` gives by
/// `Engine::hash_many`.
Digest statement_id(const Statement& statement);

}  // namespace salus::node
