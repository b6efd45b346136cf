// Proofs judged by programs that know nothing of Salus: Go's packages for its checksum database,
// and a script over OpenSSL and coreutils.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/base64.h"
#include "engine/cbor_writer.h"
#include "engine/signature/cose_key.h"
#include "engine/signature/reference.h"
#include "node/statement/key_id.h"
#include "node/statement/statement.h"
#include "tests/support/places.h"
#include "tests/support/temporary_folder.h"
#include "tests/trial/proof/made_seal.h"
#include "tests/trial/proof/shell.h"
#include "trial/proof/anchor.h"

namespace salus::trial::test {
namespace {

using node::Algorithm;
using salus::test::TemporaryFolder;

std::vector<std::string> in_base64(const std::vector<Digest>& path) {
  std::vector<std::string> out;
  for (const Digest& digest : path) out.push_back(to_base64(digest));
  return out;
}

std::string flipped(std::string text, std::size_t i) {
  text[i] = text[i] == 'A' ? 'B' : 'A';
  return text;
}

class Go : public testing::Test {
 protected:
  void SetUp() override {
#ifndef SALUS_SUMDB_CHECK
    GTEST_SKIP() << "golang-go and golang-golang-x-mod-dev were not installed when this was built";
#endif
  }
  static bool accepts(std::vector<std::string> arguments,
                      const std::vector<std::string>& path = {}) {
#ifdef SALUS_SUMDB_CHECK
    arguments.insert(arguments.begin(), SALUS_SUMDB_CHECK);
#endif
    arguments.insert(arguments.end(), path.begin(), path.end());
    return run_program(arguments).exit_code == 0;
  }

  TemporaryFolder folder_;
  MadeSeal seal_{Algorithm::ed25519};
  std::string key_ = note_verifier_key(seal_.key().public_key(), seal_.head().origin);
};

TEST_F(Go, TakesTheProofOfEachLine) {
  for (std::size_t i = 0; i < seal_.lines().size(); ++i) {
    const std::string proof = write_tlog_proof(seal_.line_proof(i), seal_.signatures().checkpoint);
    const std::string file = folder_.write("proof", proof);
    const std::string entry = folder_.write("entry", seal_.lines()[i]);
    EXPECT_TRUE(accepts({"inclusion", key_, file, entry})) << seal_.lines()[i];
  }
}

TEST_F(Go, RefusesProofsThatWereChanged) {
  const std::string proof = write_tlog_proof(seal_.line_proof(6), seal_.signatures().checkpoint);
  const std::string entry = folder_.write("entry", seal_.lines()[6]);
  const std::string other = folder_.write("other", seal_.lines()[7]);
  EXPECT_TRUE(accepts({"inclusion", key_, folder_.write("proof", proof), entry}));
  EXPECT_FALSE(accepts({"inclusion", key_, folder_.write("proof", proof), other}));
  for (const std::size_t at :
       {proof.find("index") + 10, proof.size() - 20, proof.find("\n\n") + 30}) {
    const std::string changed = folder_.write("changed", flipped(proof, at));
    EXPECT_FALSE(accepts({"inclusion", key_, changed, entry})) << at;
  }
  const MadeSeal stranger(Algorithm::ed25519);
  const std::string wrong = note_verifier_key(stranger.key().public_key(), seal_.head().origin);
  EXPECT_FALSE(accepts({"inclusion", wrong, folder_.write("proof", proof), entry}));
}

TEST_F(Go, TakesTheProofOfEachRecord) {
  const auto root = to_base64(seal_.record_tree().root());
  const auto size = std::to_string(seal_.record_tree().size());
  for (std::size_t i = 0; i < seal_.records().size(); ++i) {
    const Proof proof = seal_.record_proof(i);
    std::vector<Digest> digests;
    for (const auto& cell : proof.record->cells) {
      const auto& shown = std::get<ShownCell>(cell);
      digests.push_back(cell_digest(shown.salt, {shown.name, shown.value}));
    }
    const auto entry = folder_.write("entry", Bytes(record_entry(proof.record->salt, i, digests)));
    const auto path = in_base64(proof.record->path);
    EXPECT_TRUE(accepts({"record", root, size, std::to_string(i), entry}, path)) << i;
    EXPECT_FALSE(accepts({"record", root, size, std::to_string(i ^ 1), entry}, path)) << i;
  }
}

TEST_F(Go, TakesConsistencyProofs) {
  const MadeSeal bigger(Algorithm::ed25519, 9);
  std::vector<std::string> lines = bigger.lines();
  for (std::size_t old = 1; old <= lines.size(); ++old) {
    const std::vector<std::string> first(lines.begin(), lines.begin() + static_cast<long>(old));
    const TreeHead before{seal_.head().origin, old, tree_over(first).root()};
    const TreeHead after{seal_.head().origin, lines.size(), bigger.tree().root()};
    const auto before_file = folder_.write("before", make_checkpoint(seal_.key(), before));
    const auto after_file = folder_.write("after", make_checkpoint(seal_.key(), after));
    auto path = in_base64(bigger.tree().consistency_proof(old));
    EXPECT_TRUE(accepts({"consistency", key_, before_file, after_file}, path)) << old;
    path.push_back(to_base64(after.root));
    EXPECT_FALSE(accepts({"consistency", key_, before_file, after_file}, path)) << old;
  }
}

class Script : public testing::TestWithParam<Algorithm> {
 protected:
  void SetUp() override {
    for (const char* tool : {"bash", "openssl", "basenc"})
      if (!has_program(tool)) GTEST_SKIP() << tool << " is not installed";
  }
  [[nodiscard]] ShellResult check(const std::string& proof, const std::string& line) const {
    return run_program({"bash", salus::test::source_file("scripts/check-tlog-proof.sh"),
                        folder_.write("proof", proof),
                        folder_.write("signer.pem", seal_.signatures().signer),
                        folder_.write("line", line)});
  }

  TemporaryFolder folder_;
  MadeSeal seal_{GetParam(), 2};
};

TEST_P(Script, TakesProofsOfLines) {
  for (std::size_t i = 0; i < seal_.lines().size(); i += 2) {
    const std::string proof = write_tlog_proof(seal_.line_proof(i), seal_.signatures().checkpoint);
    const ShellResult result = check(proof, seal_.lines()[i] + (i % 4 == 0 ? "\n" : ""));
    EXPECT_EQ(result.exit_code, 0) << result.output;
    EXPECT_THAT(result.output, testing::StartsWith("OK: line " + std::to_string(i) + " of "));
  }
}

TEST_P(Script, RefusesProofsThatWereChanged) {
  const std::string proof = write_tlog_proof(seal_.line_proof(6), seal_.signatures().checkpoint);
  EXPECT_EQ(check(proof, seal_.lines()[7]).exit_code, 1);
  const std::size_t index = proof.find("index");
  for (const std::size_t at :
       {std::size_t{3}, index + 6, index + 10, proof.find("\n\n") + 30, proof.size() - 20})
    EXPECT_EQ(check(flipped(proof, at), seal_.lines()[6]).exit_code, 1) << at;
  EXPECT_EQ(check("", "x").exit_code, 1);
}

INSTANTIATE_TEST_SUITE_P(Keys, Script, testing::Values(Algorithm::ed25519, Algorithm::p256),
                         [](const auto& suite) {
                           return std::string(engine::signature::to_string(suite.param));
                         });

/// Whether the receipt is good for the entry, as a reader of any line judges it.
bool holds(const nlohmann::json& receipt, const PublicKey& key) {
  const auto bytes = from_hex(receipt.at("receipt").get<std::string>()).value();
  const auto entry = from_hex(receipt.at("entry").get<std::string>()).value();
  const auto read = read_inclusion_receipt(bytes);
  if (!read || read->tree_size != read->signed_head.head.size) return false;
  const auto root = merkle::inclusion_root(merkle::leaf_hash(merkle::TreeKind::rfc9162, entry),
                                           read->index, read->tree_size, read->path);
  if (!root) return false;
  SignedTreeHead head = read->signed_head;
  head.head.root = *root;
  return is_signed_by(head, key);
}

/// Whether the statement and the receipt in its header are good.
bool holds(const std::string& transparent, const PublicKey& signer, const PublicKey& validator,
           const Digest& chain) {
  std::vector<std::uint8_t> bytes;
  CborWriter writer(bytes);
  writer.array(3);
  writer.byte_string(from_hex(transparent).value());
  writer.byte_string({});  // the block's header is not looked at
  writer.byte_string(engine::signature::encode_cose_key(validator));
  const auto anchor = decode_anchor(bytes);
  if (!anchor) return false;
  const auto parsed = node::parse_statement(anchor->statement);
  const auto* const statement = std::get_if<node::Statement>(&parsed);
  if (statement == nullptr || statement->signer != node::key_id(signer)) return false;
  std::vector<std::uint8_t> message;
  node::append_signed_bytes(*statement, message);
  if (engine::signature::verify_reference(
          {signer.algorithm, signer.bytes, message, statement->signature}) !=
      engine::signature::Reason::valid)
    return false;
  const auto trusted = [&](const node::KeyId& id) -> std::optional<PublicKey> {
    return id == node::key_id(validator) ? std::optional(validator) : std::nullopt;
  };
  return std::holds_alternative<node::Receipt>(
      node::check_receipt(anchor->receipt, anchor->statement, chain, trusted));
}

nlohmann::json recorded(const std::string& name) {
  std::ifstream file(salus::test::test_data("trial/proofs/" + name));
  return nlohmann::json::parse(file);
}

TEST(CoseLibrary, OfNpmJudgesTransparentStatementsAsWeDo) {
  const auto data = recorded("transparent.json");
  const auto key_of = [&](const char* whose) {
    return engine::signature::parse_public_key(as_bytes(data.at(whose).get<std::string>()));
  };
  Digest chain{};
  std::ranges::copy(from_hex(data.at("chain").get<std::string>()).value(), chain.begin());
  std::size_t accepted = 0;
  for (const auto& one : data.at("statements")) {
    const auto what = one.at("what").get<std::string>();
    const auto transparent = one.at("transparent").get<std::string>();
    // The library leaves it to its caller to compare the two sizes.
    const bool is_loose = what == "a size in the header that is not signed";
    EXPECT_EQ(holds(transparent, key_of("signer_pem"), key_of("validator_pem"), chain),
              one.at("accepted").get<bool>() && !is_loose)
        << what;
    accepted += one.at("accepted").get<bool>() ? 1 : 0;
  }
  EXPECT_EQ(accepted, 8U);
}

TEST(CoseLibrary, OfNpmJudgesReceiptsAsWeDo) {
  const auto data = recorded("receipts.json");
  const auto key =
      engine::signature::parse_public_key(as_bytes(data.at("signer").get<std::string>()));
  std::size_t accepted = 0;
  for (const auto& receipt : data.at("receipts")) {
    const auto what = receipt.at("what").get<std::string>();
    // The library leaves it to its caller to compare the two sizes.
    const bool is_loose = what == "a size in the header that is not signed";
    EXPECT_EQ(holds(receipt, key), receipt.at("accepted").get<bool>() && !is_loose) << what;
    accepted += receipt.at("accepted").get<bool>() ? 1 : 0;
  }
  EXPECT_EQ(accepted, 14U);
}

}  // namespace
}  // namespace salus::trial::test
