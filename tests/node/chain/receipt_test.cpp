// Receipts and signed headers: those that we make hold, and no byte of them can be changed.
#include "node/chain/receipt.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <sstream>

#include "engine/error.h"
#include "engine/signature/reference.h"
#include "node/chain/merkle_path.h"
#include "node/chain/tlog_proof.h"
#include "node/statement/key_id.h"
#include "tests/node/chain/chain_fixture.h"
#include "tests/support/random_data.h"
#include "tests/support/reference_tree.h"

namespace salus::node::test {
namespace {

using engine::signature::PublicKey;
using merkle::TreeKind;

class Receipts : public testing::Test {
 protected:
  Receipts() : maker_({.devices = 3}) {
    std::vector<Message> messages;
    for (std::size_t device = 0; device < 3; ++device)
      messages.push_back(maker_.factory().telemetry(device, root_.time, 1));
    block_ = maker_.block(root_, messages);
    statements_ = statements_of(block_);
    const std::vector<Bytes> views(statements_.begin(), statements_.end());
    tree_ = std::make_unique<merkle::Tree>(
        cpu_engine().merkle_tree(TreeKind::rfc9162, engine::MessageView::scattered(views)));
  }

  [[nodiscard]] TrustedKeys trusted() const {
    return [this](const KeyId& id) -> std::optional<PublicKey> {
      const SigningKey& key = maker_.factory().validator(0);
      if (id != key.id()) return std::nullopt;
      return key.public_key();
    };
  }
  [[nodiscard]] std::vector<std::uint8_t> receipt(std::size_t index) const {
    return make_receipt(maker_.factory().validator(0), maker_.genesis().id(), 1, *tree_, index);
  }
  [[nodiscard]] std::variant<Receipt, ReceiptFault> check(Bytes bytes, std::size_t index) const {
    return check_receipt(bytes, statements_[index], maker_.genesis().id(), trusted());
  }

  Maker maker_;
  const Made root_ = maker_.genesis_block();
  Made block_;
  std::vector<Message> statements_;
  std::unique_ptr<merkle::Tree> tree_;
};

TEST_F(Receipts, HoldForEachStatementOfABlock) {
  for (std::size_t i = 0; i < statements_.size(); ++i) {
    const auto checked = check(receipt(i), i);
    ASSERT_TRUE(std::holds_alternative<Receipt>(checked));
    EXPECT_EQ(std::get<Receipt>(checked),
              (Receipt{maker_.factory().validator(0).id(), maker_.genesis().id(), 1,
                       statements_.size(), i, header_of(block_).merkle_root}));
  }
}

TEST_F(Receipts, HaveTheFormThatThePageStates) {
  const std::string hex = salus::to_hex(receipt(1));
  // 18([<<{1: -8, 4: kid, 15: {"size": 4, "chain": id, "height": 1}, 395: 1}>>, {396: {-1: [...
  const std::string expected =
      "d2845851a401270450" + salus::to_hex(maker_.factory().validator(0).id()) +
      "0fa36473697a650465636861696e5820" + salus::to_hex(maker_.genesis().id()) +
      "666865696768740119018b01" + "a119018ca12081";
  EXPECT_EQ(hex.substr(0, expected.size()), expected);
}

TEST_F(Receipts, AreForOneStatementOnly) {
  EXPECT_EQ(std::get<ReceiptFault>(check(receipt(1), 2)), ReceiptFault::bad_signature);
}

TEST_F(Receipts, NoByteCanBeChangedAddedOrLeftOut) {
  const auto good = receipt(2);
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      auto bytes = good;
      bytes[at] ^= static_cast<std::uint8_t>(1U << bit);
      EXPECT_TRUE(std::holds_alternative<ReceiptFault>(check(bytes, 2))) << at;
    }
    EXPECT_EQ(std::get<ReceiptFault>(check(Bytes(good).first(at), 2)), ReceiptFault::malformed);
  }
  auto longer = good;
  longer.push_back(0);
  EXPECT_EQ(std::get<ReceiptFault>(check(longer, 2)), ReceiptFault::malformed);
}

TEST_F(Receipts, NameTheirChainAndAreByATrustedKey) {
  const auto bytes = receipt(1);
  EXPECT_EQ(std::get<ReceiptFault>(check_receipt(bytes, statements_[1], Digest{}, trusted())),
            ReceiptFault::wrong_chain);
  const TrustedKeys nobody = [](const KeyId&) { return std::nullopt; };
  EXPECT_EQ(
      std::get<ReceiptFault>(check_receipt(bytes, statements_[1], maker_.genesis().id(), nobody)),
      ReceiptFault::unknown_signer);
}

TEST_F(Receipts, ASignedHeaderIsAllThatALightClientNeeds) {
  const auto parsed = parse_block(block_.bytes, {});
  const SignedHeader header = make_signed_header(std::get<BlockView>(parsed), *tree_);
  const auto bytes = encode(header);
  EXPECT_EQ(decode_signed_header(bytes), header);
  const auto checked = check_signed_header(header, maker_.genesis().id(), trusted());
  ASSERT_TRUE(std::holds_alternative<CheckedHeader>(checked));
  const CheckedHeader& said = std::get<CheckedHeader>(checked);
  EXPECT_EQ(said.id, block_.id);
  EXPECT_EQ(said.said.height, 1U);
  EXPECT_EQ(said.validator, maker_.factory().validator(0).id());
}

TEST_F(Receipts, NoByteOfASignedHeaderCanBeChanged) {
  const auto parsed = parse_block(block_.bytes, {});
  const auto good = encode(make_signed_header(std::get<BlockView>(parsed), *tree_));
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto bytes = good;
    bytes[at] ^= static_cast<std::uint8_t>(1U << at % 8);
    EXPECT_EQ(decode_signed_header(Bytes(good).first(at)), std::nullopt);
    const auto decoded = decode_signed_header(bytes);
    if (!decoded) continue;
    const auto checked = check_signed_header(*decoded, maker_.genesis().id(), trusted());
    const auto* said = std::get_if<CheckedHeader>(&checked);
    // Version, bits and nonce are the miner's: what has work is another header, with another id.
    EXPECT_TRUE(said == nullptr || said->id != block_.id) << at;
  }
}

TEST_F(Receipts, FaultsOfSignedHeadersAreNamed) {
  const auto parsed = parse_block(block_.bytes, {});
  const SignedHeader good = make_signed_header(std::get<BlockView>(parsed), *tree_);
  const auto fault_of = [&](const SignedHeader& header, const Digest& chain) {
    return std::get<HeaderFault>(check_signed_header(header, chain, trusted()));
  };
  const Digest chain = maker_.genesis().id();
  EXPECT_EQ(fault_of(good, {}), HeaderFault::wrong_chain);
  SignedHeader header = good;
  header.path[0][0] ^= 1;
  EXPECT_EQ(fault_of(header, chain), HeaderFault::wrong_path);
  header = good;
  header.header.bits = 0x1700ffff;
  EXPECT_EQ(fault_of(header, chain), HeaderFault::insufficient_work);
  header = good;
  header.header.time += 1;
  header.header = BlockFactory::mine(header.header);
  EXPECT_EQ(fault_of(header, chain), HeaderFault::wrong_statement);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<std::uint8_t> from_base64(const std::string& text) {
  std::vector<std::uint8_t> bytes(text.size() / 4 * 3);
  EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                  static_cast<int>(text.size()));
  bytes.resize(bytes.size() - static_cast<std::size_t>(std::ranges::count(text, '=')));
  return bytes;
}

// Taken apart as the specifications of tlog-proof and signed-note say.
TEST_F(Receipts, AsTextAreTlogProofs) {
  const SigningKey& key = maker_.factory().validator(0);
  const std::string text = make_tlog_proof(key, maker_.genesis().id(), 1, *tree_, 2);
  const std::vector<std::string> lines = lines_of(text);
  ASSERT_EQ(lines.size(), 10U);
  EXPECT_EQ(lines[0], "c2sp.org/tlog-proof@v1");
  EXPECT_EQ(lines[1], "index 2");
  std::vector<Digest> path(2);
  for (std::size_t i = 0; i < 2; ++i) std::ranges::copy(from_base64(lines[2 + i]), path[i].begin());
  EXPECT_EQ(lines[4], "");
  const std::string name = "salus/" + to_hex_reversed(maker_.genesis().id()) + "/1";
  EXPECT_EQ(lines[5], name);
  EXPECT_EQ(lines[6], "4");
  const Digest leaf = merkle::leaf_hash(TreeKind::rfc9162, statements_[2]);
  const Digest root = merkle::inclusion_root(leaf, 2, 4, path).value();
  EXPECT_EQ(from_base64(lines[7]), std::vector<std::uint8_t>(root.begin(), root.end()));
  // The note is the three lines with their ends; then comes an empty one, and the signature.
  EXPECT_EQ(lines[8], "");
  EXPECT_EQ(lines[9].rfind("\u2014 " + name + " ", 0), 0U);
}

TEST_F(Receipts, TlogProofsAreSignedNotes) {
  const SigningKey& key = maker_.factory().validator(0);
  const std::string text = make_tlog_proof(key, maker_.genesis().id(), 1, *tree_, 0);
  const std::size_t note_begin = text.find("\n\n") + 2;
  const std::size_t note_end = text.find("\n\n", note_begin) + 1;
  const std::string note = text.substr(note_begin, note_end - note_begin);
  const std::string last = text.substr(text.rfind(' ') + 1);
  const std::vector<std::uint8_t> signed_by = from_base64(last.substr(0, last.size() - 1));
  ASSERT_EQ(signed_by.size(), 4U + 64U);
  EXPECT_EQ(engine::signature::verify_reference({Algorithm::ed25519, key.public_key().bytes,
                                                 as_bytes(note), Bytes(signed_by).subspan(4)}),
            engine::signature::Reason::valid);
  const std::string verifier = tlog_verifier_key(key.public_key(), maker_.genesis().id(), 1);
  EXPECT_EQ(verifier.substr(0, verifier.find('+')), note.substr(0, note.find('\n')));
  EXPECT_EQ(verifier.substr(verifier.find('+') + 1, 8), salus::to_hex(Bytes(signed_by).first(4)));
  EXPECT_THROW((void)make_tlog_proof(SigningKey::generate(Algorithm::p256), {}, 1, *tree_, 0),
               Error);
}

// Against trees that the engine has no part in.
TEST(MerklePath, LeadsToTheRootForEachLeafOfEachSize) {
  const salus::test::ReferenceTree reference(TreeKind::rfc9162);
  for (std::size_t size = 1; size <= 20; ++size) {
    const auto leaves = salus::test::random_digests(size, static_cast<std::uint32_t>(size));
    const merkle::Tree tree = cpu_engine().merkle_tree_of_leaves(TreeKind::rfc9162, leaves);
    for (std::size_t i = 0; i < size; ++i) {
      std::vector<Digest> path = tree.inclusion_proof(i);
      EXPECT_EQ(merkle::inclusion_root(leaves[i], i, size, path), reference.root(leaves));
      EXPECT_EQ(merkle::inclusion_root(leaves[i], size, size, path), std::nullopt);
      path.emplace_back();
      EXPECT_EQ(merkle::inclusion_root(leaves[i], i, size, path), std::nullopt);
      path.resize(path.size() - 1);
      if (path.empty()) continue;
      path.pop_back();
      EXPECT_EQ(merkle::inclusion_root(leaves[i], i, size, path), std::nullopt);
    }
  }
}

}  // namespace
}  // namespace salus::node::test
