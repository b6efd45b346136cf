#include "trial/proof/tree_head.h"

#include <algorithm>
#include <array>

#include "engine/cbor_writer.h"
#include "engine/signature/reference.h"
#include "node/chain/merkle_path.h"
#include "node/chain/receipt_labels.h"
#include "node/statement/cose_sign1.h"
#include "node/statement/labels.h"
#include "trial/proof/shape_cursor.h"

namespace salus::trial {
namespace {

using engine::signature::Algorithm;
namespace labels = node::labels;

// Text, since numbers are IANA's to give.
constexpr std::string_view kSize = "size";
constexpr std::string_view kOrigin = "origin";
constexpr std::string_view kContext = "salus-trial-proof";

constexpr std::array<std::uint8_t, 1> kEmptyMap = {0xa0};

std::vector<std::uint8_t> protected_header(const node::SigningKey& key, const TreeHead& head) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.map(4);
  writer.unsigned_integer(labels::kAlgorithm);
  writer.integer(key.algorithm() == Algorithm::ed25519 ? labels::kEdDsa : labels::kEs256);
  writer.unsigned_integer(labels::kKeyId);
  writer.byte_string(key.id());
  writer.unsigned_integer(labels::kClaims);
  writer.map(2);
  writer.text_string(kSize);
  writer.unsigned_integer(head.size);
  writer.text_string(kOrigin);
  writer.text_string(head.origin);
  writer.unsigned_integer(labels::kVds);
  writer.unsigned_integer(labels::kRfc9162Sha256);
  return out;
}

/// The protected header of a message, with the signature beside it.
std::optional<SignedTreeHead> read_signed(const node::CoseSign1& parts) {
  ShapeCursor form(parts.protected_header);
  SignedTreeHead out;
  form.require_map(4);
  form.require_number(labels::kAlgorithm);
  const std::int64_t algorithm = form.integer();
  form.require(algorithm == labels::kEdDsa || algorithm == labels::kEs256);
  out.algorithm = algorithm == labels::kEdDsa ? Algorithm::ed25519 : Algorithm::p256;
  form.require_number(labels::kKeyId);
  form.read_into(out.signer);
  form.require_number(labels::kClaims);
  form.require_map(2);
  form.require_text(kSize);
  out.head.size = form.unsigned_integer();
  form.require_text(kOrigin);
  out.head.origin = form.text_string();
  form.require_number(labels::kVds);
  form.require_number(labels::kRfc9162Sha256);
  if (!form.finished() || !is_origin(out.head.origin)) return std::nullopt;
  out.protected_header.assign(parts.protected_header.begin(), parts.protected_header.end());
  out.signature.assign(parts.signature.begin(), parts.signature.end());
  return out;
}

/// Appends [size, index, path] as the byte string of an inclusion proof.
void write_inclusion(CborWriter& writer, std::uint64_t size, std::uint64_t index,
                     std::span<const Digest> path) {
  std::vector<std::uint8_t> proof;
  CborWriter inner(proof);
  inner.array(3);
  inner.unsigned_integer(size);
  inner.unsigned_integer(index);
  node::write_path(inner, path);
  writer.byte_string(proof);
}

/// What the unprotected header of a receipt holds.
bool read_unprotected(Bytes header, InclusionReceipt& out) {
  ShapeCursor form(header);
  form.require_map(2);
  form.require_number(labels::kVdp);
  form.require_map(1);
  form.require(form.integer() == labels::kInclusionProof);
  form.require_array(1);
  ShapeCursor proof(form.byte_string());
  form.require_text(kContext);
  const Bytes context = form.byte_string();
  if (!form.finished()) return false;
  proof.require_array(3);
  out.tree_size = proof.unsigned_integer();
  out.index = proof.unsigned_integer();
  out.path = node::read_path(proof);
  out.context.assign(context.begin(), context.end());
  return proof.finished();
}

}  // namespace

std::vector<std::uint8_t> sign_tree_head(const node::SigningKey& key, const TreeHead& head) {
  const std::vector<std::uint8_t> header = protected_header(key, head);
  std::vector<std::uint8_t> message;
  node::append_signature1(header, {}, head.root, message);
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.tag(labels::kCoseSign1Tag);
  writer.array(labels::kCoseSign1Items);
  writer.byte_string(header);
  writer.map(0);
  writer.byte_string(head.root);
  writer.byte_string(key.sign(message));
  return out;
}

std::optional<SignedTreeHead> read_tree_head(Bytes message) {
  const auto parts = node::parse_cose_sign1(message);
  if (!parts || !parts->tagged || !parts->payload) return std::nullopt;
  auto out = read_signed(*parts);
  if (!out || !std::ranges::equal(parts->unprotected_header, kEmptyMap)) return std::nullopt;
  if (parts->payload->size() != out->head.root.size()) return std::nullopt;
  std::ranges::copy(*parts->payload, out->head.root.begin());
  return out;
}

bool is_signed_by(const SignedTreeHead& head, const PublicKey& key) {
  if (key.algorithm != head.algorithm || node::key_id(key) != head.signer) return false;
  std::vector<std::uint8_t> message;
  node::append_signature1(head.protected_header, {}, head.head.root, message);
  return engine::signature::verify_reference({key.algorithm, key.bytes, message, head.signature}) ==
         engine::signature::Reason::valid;
}

std::vector<std::uint8_t> make_inclusion_receipt(const SignedTreeHead& head, std::uint64_t index,
                                                 std::span<const Digest> path, Bytes context) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.tag(labels::kCoseSign1Tag);
  writer.array(labels::kCoseSign1Items);
  writer.byte_string(head.protected_header);
  writer.map(2);
  writer.unsigned_integer(labels::kVdp);
  writer.map(1);
  writer.integer(labels::kInclusionProof);
  writer.array(1);
  write_inclusion(writer, head.head.size, index, path);
  writer.text_string(kContext);
  writer.byte_string(context);
  writer.head(CborMajor::simple, kCborNull);
  writer.byte_string(head.signature);
  return out;
}

std::optional<InclusionReceipt> read_inclusion_receipt(Bytes message) {
  const auto parts = node::parse_cose_sign1(message);
  if (!parts || !parts->tagged || parts->payload) return std::nullopt;
  auto said = read_signed(*parts);
  InclusionReceipt out;
  if (!said || !read_unprotected(parts->unprotected_header, out)) return std::nullopt;
  out.signed_head = std::move(*said);
  return out;
}

}  // namespace salus::trial
