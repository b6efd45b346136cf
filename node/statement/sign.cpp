#include "node/statement/sign.h"

#include "engine/cbor_writer.h"
#include "engine/error.h"
#include "node/statement/cose_sign1.h"
#include "node/statement/labels.h"
#include "node/statement/plain_text.h"

namespace salus::node {
namespace {

void require_text(std::string_view text, const char* name) {
  if (!text.empty() && !is_plain_text(text, kMaxClaimBytes))
    throw Error(ErrorKind::usage,
                std::string(name) + " is not 1 to 255 bytes of UTF-8 without control characters");
}

void check_claims(const Claims& claims) {
  require_text(claims.issuer, "iss");
  require_text(claims.subject, "sub");
  if (claims.issued_at < 0 || claims.issued_at > kLatestTime)
    throw Error(ErrorKind::usage, "iat is not a time from 1970 to 9999");
}

void write_type(CborWriter& writer, ContentType type) {
  switch (type) {
    case ContentType::senml_cbor: return writer.unsigned_integer(labels::kSenmlCbor);
    case ContentType::senml_json: return writer.unsigned_integer(labels::kSenmlJson);
    default: return writer.text_string(media_type(type));
  }
}

void write_claims(CborWriter& writer, const Claims& claims) {
  writer.map(2 + (claims.issuer.empty() ? 0 : 1) + (claims.subject.empty() ? 0 : 1));
  if (!claims.issuer.empty()) {
    writer.unsigned_integer(labels::kIssuer);
    writer.text_string(claims.issuer);
  }
  if (!claims.subject.empty()) {
    writer.unsigned_integer(labels::kSubject);
    writer.text_string(claims.subject);
  }
  writer.unsigned_integer(labels::kIssuedAt);
  writer.integer(claims.issued_at);
  writer.text_string(labels::kSequence);
  writer.unsigned_integer(claims.sequence);
}

std::vector<std::uint8_t> protected_header(const SigningKey& key, const Claims& claims,
                                           ContentType type) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.map(4);
  writer.unsigned_integer(labels::kAlgorithm);
  writer.integer(key.algorithm() == Algorithm::ed25519 ? labels::kEdDsa : labels::kEs256);
  writer.unsigned_integer(labels::kContentType);
  write_type(writer, type);
  writer.unsigned_integer(labels::kKeyId);
  writer.byte_string(key.id());
  writer.unsigned_integer(labels::kClaims);
  write_claims(writer, claims);
  return out;
}

}  // namespace

std::vector<std::uint8_t> sign_statement(const SigningKey& key, const Claims& claims,
                                         ContentType type, Bytes payload) {
  check_claims(claims);
  const std::vector<std::uint8_t> header = protected_header(key, claims, type);
  std::vector<std::uint8_t> to_sign;
  to_sign.reserve(signature1_size(header, {}, payload));
  append_signature1(header, {}, payload, to_sign);

  std::vector<std::uint8_t> out;
  // What surrounds both is shorter than a Sig_structure's other parts and a signature.
  out.reserve(to_sign.size() + engine::signature::kSignatureBytes);
  CborWriter writer(out);
  writer.tag(labels::kCoseSign1Tag);
  writer.array(labels::kCoseSign1Items);
  writer.byte_string(header);
  writer.map(0);
  writer.byte_string(payload);
  writer.byte_string(key.sign(to_sign));
  if (out.size() > kMaxStatementBytes)
    throw Error(ErrorKind::usage, "a statement has 1048576 bytes at most");
  return out;
}

}  // namespace salus::node
