#include "node/chain/receipt.h"

#include <algorithm>
#include <cstdlib>

#include "engine/cbor_cursor.h"
#include "engine/cbor_writer.h"
#include "engine/signature/reference.h"
#include "node/chain/merkle_path.h"
#include "node/chain/receipt_labels.h"
#include "node/statement/cose_sign1.h"
#include "node/statement/labels.h"

namespace salus::node {
namespace {

using engine::signature::PublicKey;
using engine::signature::Reason;

// Text, since numbers are IANA's to give.
constexpr std::string_view kSize = "size";
constexpr std::string_view kChain = "chain";
constexpr std::string_view kHeight = "height";

std::int64_t label_of(Algorithm algorithm) {
  return algorithm == Algorithm::ed25519 ? labels::kEdDsa : labels::kEs256;
}

/// What the protected header says.
struct Signed {
  Algorithm algorithm = Algorithm::ed25519;
  KeyId signer{};
  Digest chain{};
  std::uint64_t height = 0;
  std::uint64_t tree_size = 0;
};

struct Inclusion {
  std::uint64_t tree_size = 0;
  std::uint64_t index = 0;
  std::vector<Digest> path;
};

std::vector<std::uint8_t> encode(const Signed& said) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.map(4);
  writer.unsigned_integer(labels::kAlgorithm);
  writer.integer(label_of(said.algorithm));
  writer.unsigned_integer(labels::kKeyId);
  writer.byte_string(said.signer);
  writer.unsigned_integer(labels::kClaims);
  writer.map(3);
  writer.text_string(kSize);
  writer.unsigned_integer(said.tree_size);
  writer.text_string(kChain);
  writer.byte_string(said.chain);
  writer.text_string(kHeight);
  writer.unsigned_integer(said.height);
  writer.unsigned_integer(labels::kVds);
  writer.unsigned_integer(labels::kRfc9162Sha256);
  return out;
}

std::vector<std::uint8_t> encode(const Inclusion& inclusion) {
  std::vector<std::uint8_t> proof;
  CborWriter inner(proof);
  inner.array(3);
  inner.unsigned_integer(inclusion.tree_size);
  inner.unsigned_integer(inclusion.index);
  write_path(inner, inclusion.path);

  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.map(1);
  writer.unsigned_integer(labels::kVdp);
  writer.map(1);
  writer.integer(labels::kInclusionProof);
  writer.array(1);
  writer.byte_string(proof);
  return out;
}

/// A cursor that also demands what must be there.
class Form : public CborCursor {
 public:
  using CborCursor::CborCursor;
  void require(bool holds) {
    if (!holds) fail(Problem::other_type);
  }
};

std::optional<Signed> read_signed(Bytes header) {
  Form form(header);
  Signed said;
  form.require(form.map() == 4);
  form.require(form.unsigned_integer() == labels::kAlgorithm);
  const std::int64_t algorithm = form.integer();
  form.require(algorithm == labels::kEdDsa || algorithm == labels::kEs256);
  said.algorithm = algorithm == labels::kEdDsa ? Algorithm::ed25519 : Algorithm::p256;
  form.require(form.unsigned_integer() == labels::kKeyId);
  const Bytes id = form.byte_string();
  form.require(id.size() == said.signer.size());
  form.require(form.unsigned_integer() == labels::kClaims);
  form.require(form.map() == 3);
  form.require(form.text_string() == kSize);
  said.tree_size = form.unsigned_integer();
  form.require(form.text_string() == kChain);
  said.chain = read_digest(form);
  form.require(form.text_string() == kHeight);
  said.height = form.unsigned_integer();
  form.require(form.unsigned_integer() == labels::kVds);
  form.require(form.unsigned_integer() == labels::kRfc9162Sha256);
  if (!form.finished()) return std::nullopt;
  std::ranges::copy(id, said.signer.begin());
  return said;
}

std::optional<Inclusion> read_inclusion(Bytes header) {
  Form form(header);
  form.require(form.map() == 1);
  form.require(form.unsigned_integer() == labels::kVdp);
  form.require(form.map() == 1);
  form.require(form.integer() == labels::kInclusionProof);
  form.require(form.array() == 1);
  Form proof(form.byte_string());
  if (!form.finished()) return std::nullopt;
  Inclusion inclusion;
  proof.require(proof.array() == 3);
  inclusion.tree_size = proof.unsigned_integer();
  inclusion.index = proof.unsigned_integer();
  inclusion.path = read_path(proof);
  if (!proof.finished()) return std::nullopt;
  return inclusion;
}

}  // namespace

std::string_view to_string(ReceiptFault fault) {
  switch (fault) {
    case ReceiptFault::malformed: return "malformed";
    case ReceiptFault::wrong_path: return "wrong_path";
    case ReceiptFault::wrong_chain: return "wrong_chain";
    case ReceiptFault::unknown_signer: return "unknown_signer";
    case ReceiptFault::bad_signature: return "bad_signature";
  }
  std::abort();  // not one of them: a number cast by mistake
}

std::vector<std::uint8_t> make_receipt(const SigningKey& validator, const Digest& chain,
                                       std::uint64_t height, const merkle::Tree& tree,
                                       std::uint64_t index) {
  const std::vector<std::uint8_t> said =
      encode(Signed{validator.algorithm(), validator.id(), chain, height, tree.size()});
  const std::vector<std::uint8_t> inclusion =
      encode(Inclusion{tree.size(), index, tree.inclusion_proof(index)});
  std::vector<std::uint8_t> message;
  append_signature1(said, {}, tree.root(), message);

  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.tag(labels::kCoseSign1Tag);
  writer.array(labels::kCoseSign1Items);
  writer.byte_string(said);
  writer.encoded(inclusion);
  writer.head(CborMajor::simple, kCborNull);
  writer.byte_string(validator.sign(message));
  return out;
}

std::variant<Receipt, ReceiptFault> check_receipt(Bytes receipt, Bytes statement,
                                                  const Digest& chain, const TrustedKeys& trusted) {
  const auto parts = parse_cose_sign1(receipt);
  if (!parts || !parts->tagged || parts->payload) return ReceiptFault::malformed;
  const auto said = read_signed(parts->protected_header);
  const auto inclusion = read_inclusion(parts->unprotected_header);
  if (!said || !inclusion) return ReceiptFault::malformed;

  const Digest leaf = merkle::leaf_hash(merkle::TreeKind::rfc9162, statement);
  const auto root =
      merkle::inclusion_root(leaf, inclusion->index, inclusion->tree_size, inclusion->path);
  if (!root || inclusion->tree_size != said->tree_size) return ReceiptFault::wrong_path;
  if (said->chain != chain) return ReceiptFault::wrong_chain;
  const std::optional<PublicKey> key = trusted(said->signer);
  if (!key || key->algorithm != said->algorithm) return ReceiptFault::unknown_signer;

  std::vector<std::uint8_t> message;
  append_signature1(parts->protected_header, {}, *root, message);
  const Reason reason =
      engine::signature::verify_reference({key->algorithm, key->bytes, message, parts->signature});
  if (reason != Reason::valid) return ReceiptFault::bad_signature;
  return Receipt{said->signer,         said->chain,      said->height,
                 inclusion->tree_size, inclusion->index, *root};
}

}  // namespace salus::node
