#include "node/chain/signed_header.h"

#include <cstdlib>

#include "engine/cbor_cursor.h"
#include "engine/cbor_writer.h"
#include "engine/signature/reference.h"
#include "node/chain/merkle_path.h"

namespace salus::node {

using engine::signature::PublicKey;
using engine::signature::Reason;
using merkle::TreeKind;

std::string_view to_string(HeaderFault fault) {
  switch (fault) {
    case HeaderFault::insufficient_work: return "insufficient_work";
    case HeaderFault::wrong_path: return "wrong_path";
    case HeaderFault::not_by_validator: return "not_by_validator";
    case HeaderFault::wrong_chain: return "wrong_chain";
    case HeaderFault::wrong_statement: return "wrong_statement";
    case HeaderFault::unknown_signer: return "unknown_signer";
    case HeaderFault::bad_signature: return "bad_signature";
  }
  std::abort();  // not one of them: a number cast by mistake
}

SignedHeader make_signed_header(const BlockView& block, const merkle::Tree& tree) {
  const Bytes first = block.statements.front();
  return {block.header, {first.begin(), first.end()}, tree.size(), tree.inclusion_proof(0)};
}

std::vector<std::uint8_t> encode(const SignedHeader& header) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.array(4);
  writer.byte_string(pow::serialise(header.header));
  writer.byte_string(header.statement);
  writer.unsigned_integer(header.tree_size);
  write_path(writer, header.path);
  return out;
}

std::optional<SignedHeader> decode_signed_header(Bytes bytes) {
  CborCursor cursor(bytes);
  if (cursor.array() != 4) return std::nullopt;
  const Bytes header = cursor.byte_string();
  const Bytes statement = cursor.byte_string();
  const std::uint64_t size = cursor.unsigned_integer();
  std::vector<Digest> path = read_path(cursor);
  if (!cursor.finished() || header.size() != pow::kHeaderSize) return std::nullopt;
  return SignedHeader{pow::parse_header(header.first<pow::kHeaderSize>()),
                      {statement.begin(), statement.end()},
                      size,
                      std::move(path)};
}

namespace {

bool has_work(const pow::Header& header) {
  const pow::DecodedBits bits = pow::decode_bits(header.bits);
  return bits.error == pow::BitsError::none && pow::meets(header, bits.target);
}

std::optional<HeaderFault> check_signature(const Statement& statement, const TrustedKeys& trusted) {
  const std::optional<PublicKey> key = trusted(statement.signer);
  if (!key || key->algorithm != statement.algorithm) return HeaderFault::unknown_signer;
  std::vector<std::uint8_t> message;
  append_signed_bytes(statement, message);
  const Reason reason = engine::signature::verify_reference(
      {key->algorithm, key->bytes, message, statement.signature});
  if (reason != Reason::valid) return HeaderFault::bad_signature;
  return std::nullopt;
}

}  // namespace

std::variant<CheckedHeader, HeaderFault> check_signed_header(const SignedHeader& header,
                                                             const Digest& chain,
                                                             const TrustedKeys& trusted) {
  if (!has_work(header.header)) return HeaderFault::insufficient_work;
  const Digest leaf = merkle::leaf_hash(TreeKind::rfc9162, header.statement);
  if (!merkle::verify_inclusion(TreeKind::rfc9162, leaf, 0, header.tree_size, header.path,
                                header.header.merkle_root))
    return HeaderFault::wrong_path;
  const auto parsed = parse_statement(header.statement, kMaxStatementBytes);
  const auto* statement = std::get_if<Statement>(&parsed);
  if (statement == nullptr || statement->type != ContentType::validator)
    return HeaderFault::not_by_validator;
  const auto said = decode_validator(statement->payload);
  if (!said) return HeaderFault::not_by_validator;
  if (said->chain != chain) return HeaderFault::wrong_chain;
  if (said->previous != header.header.previous || said->time != header.header.time)
    return HeaderFault::wrong_statement;
  if (const auto fault = check_signature(*statement, trusted)) return *fault;
  return CheckedHeader{pow::header_id(header.header), statement->signer, *said};
}

}  // namespace salus::node
