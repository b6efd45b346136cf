#include "trial/proof/anchor.h"

#include <algorithm>
#include <array>

#include "engine/cbor_writer.h"
#include "engine/error.h"
#include "engine/pow/target.h"
#include "engine/signature/cose_key.h"
#include "node/chain/receipt_labels.h"
#include "node/statement/cose_sign1.h"
#include "node/statement/key_id.h"
#include "node/statement/labels.h"
#include "trial/proof/shape_cursor.h"

namespace salus::trial {
namespace {

using engine::signature::PublicKey;
namespace labels = node::labels;

constexpr std::array<std::uint8_t, 1> kEmptyMap = {0xa0};

/// A COSE_Sign1 with this unprotected header, which is encoded, in place of its own.
std::vector<std::uint8_t> with_unprotected(const node::CoseSign1& parts, Bytes unprotected) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.tag(labels::kCoseSign1Tag);
  writer.array(labels::kCoseSign1Items);
  writer.byte_string(parts.protected_header);
  writer.encoded(unprotected);
  writer.byte_string(*parts.payload);
  writer.byte_string(parts.signature);
  return out;
}

std::vector<std::uint8_t> transparent_statement(Bytes statement, Bytes receipt) {
  const auto parts = node::parse_cose_sign1(statement);
  if (!parts || !parts->payload || !std::ranges::equal(parts->unprotected_header, kEmptyMap))
    throw Error(ErrorKind::input, "not a statement that a receipt can be attached to");
  std::vector<std::uint8_t> receipts;
  CborWriter writer(receipts);
  writer.map(1);
  writer.unsigned_integer(labels::kReceipts);
  writer.array(1);
  writer.byte_string(receipt);
  return with_unprotected(*parts, receipts);
}

/// Splits a transparent statement into the statement and its receipt.
bool split(Bytes transparent, Anchor& out) {
  const auto parts = node::parse_cose_sign1(transparent);
  if (!parts || !parts->tagged || !parts->payload) return false;
  ShapeCursor form(parts->unprotected_header);
  form.require_map(1);
  form.require_number(labels::kReceipts);
  form.require_array(1);
  const Bytes receipt = form.byte_string();
  if (!form.finished()) return false;
  out.receipt.assign(receipt.begin(), receipt.end());
  out.statement = with_unprotected(*parts, kEmptyMap);
  return true;
}

std::optional<PublicKey> key_in(Bytes bytes) {
  try {
    PublicKey key = engine::signature::parse_cose_key(bytes);
    if (!std::ranges::equal(engine::signature::encode_cose_key(key), bytes)) return std::nullopt;
    return key;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) throw;
    return std::nullopt;
  }
}

/// The chain that a header says it is of.
std::optional<Digest> chain_of(const node::SignedHeader& header) {
  const auto parsed = node::parse_statement(header.statement, node::kMaxStatementBytes);
  const auto* const statement = std::get_if<node::Statement>(&parsed);
  if (statement == nullptr) return std::nullopt;
  const auto said = node::decode_validator(statement->payload);
  if (!said) return std::nullopt;
  return said->chain;
}

bool is_trusted(const LedgerTrust& trust, const PublicKey& validator) {
  const auto key = trust.validators(node::key_id(validator));
  return key && *key == validator;
}

}  // namespace

std::vector<std::uint8_t> encode(const Anchor& anchor) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.array(3);
  writer.byte_string(transparent_statement(anchor.statement, anchor.receipt));
  writer.byte_string(anchor.signed_header);
  writer.byte_string(engine::signature::encode_cose_key(anchor.validator));
  return out;
}

std::optional<Anchor> decode_anchor(Bytes bytes) {
  ShapeCursor form(bytes);
  form.require_array(3);
  const Bytes transparent = form.byte_string();
  const Bytes header = form.byte_string();
  const Bytes key = form.byte_string();
  Anchor out;
  if (!form.finished() || !split(transparent, out)) return std::nullopt;
  auto validator = key_in(key);
  if (!validator) return std::nullopt;
  out.validator = std::move(*validator);
  out.signed_header.assign(header.begin(), header.end());
  return out;
}

std::variant<CheckedAnchor, std::string> check_anchor(const Anchor& anchor, Bytes statement,
                                                      const LedgerTrust* trust) {
  if (!std::ranges::equal(anchor.statement, statement)) return "it is of another seal";
  const auto header = node::decode_signed_header(anchor.signed_header);
  const auto chain = header ? chain_of(*header) : std::nullopt;
  if (!chain) return "its block header is malformed";
  if (trust != nullptr && trust->chain != *chain) return "it is of another chain";
  if (trust != nullptr && !is_trusted(*trust, anchor.validator))
    return "its block is by none of the chain's validators";

  const node::TrustedKeys keys = [&anchor](const node::KeyId& id) -> std::optional<PublicKey> {
    if (node::key_id(anchor.validator) != id) return std::nullopt;
    return anchor.validator;
  };
  const auto receipt = node::check_receipt(anchor.receipt, statement, *chain, keys);
  if (const auto* fault = std::get_if<node::ReceiptFault>(&receipt))
    return "its receipt does not hold: " + std::string(to_string(*fault));
  const auto checked = node::check_signed_header(*header, *chain, keys);
  if (const auto* fault = std::get_if<node::HeaderFault>(&checked))
    return "its block header does not hold: " + std::string(to_string(*fault));

  const auto& said = std::get<node::Receipt>(receipt);
  const auto& block = std::get<node::CheckedHeader>(checked);
  if (header->header.merkle_root != said.root || block.said.height != said.height ||
      header->tree_size != said.tree_size)
    return "its block header is of another block than its receipt";
  return CheckedAnchor{.chain = *chain,
                       .block = block.id,
                       .height = said.height,
                       .index = said.index,
                       .time = header->header.time,
                       .validator = said.validator,
                       .work = pow::work_of(pow::decode_bits(header->header.bits).target),
                       .is_trusted = trust != nullptr};
}

}  // namespace salus::trial
