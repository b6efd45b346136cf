// Proofs in both forms: those of every line and record hold, and nothing of one can be changed.
#include <gmock/gmock.h>

#include <algorithm>
#include <functional>

#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "tests/trial/proof/made_seal.h"
#include "trial/proof/proof_check.h"

namespace salus::trial::test {
namespace {

using node::Algorithm;

enum class Form { tlog, cose };

struct Kind {
  Form form;
  Algorithm algorithm;
};

std::vector<std::uint8_t> written(const MadeSeal& seal, const Proof& proof, Form form) {
  if (form == Form::cose) return write_cose_proof(proof, seal.signed_head());
  const std::string text = write_tlog_proof(proof, seal.signatures().checkpoint);
  return {text.begin(), text.end()};
}

class ProofIn : public testing::TestWithParam<Kind> {
 protected:
  using Verdict = std::variant<CheckedProof, ProofFault>;

  [[nodiscard]] std::vector<std::uint8_t> bytes_of(const Proof& proof) const {
    return written(seal_, proof, GetParam().form);
  }
  [[nodiscard]] Verdict judged(Bytes bytes) const {
    return check_proof(read_proof(bytes), seal_.key().public_key());
  }
  [[nodiscard]] Verdict judged(const Proof& proof) const { return judged(bytes_of(proof)); }
  /// The fault of a proof that was changed.
  [[nodiscard]] std::string fault(const Proof& good,
                                  const std::function<void(Proof&)>& change) const {
    Proof bad = good;
    change(bad);
    const Verdict verdict = judged(bad);
    const auto* fault = std::get_if<ProofFault>(&verdict);
    return fault == nullptr ? "" : std::string(to_string(*fault));
  }
  /// Whether bytes that may be anything are taken for a proof that holds.
  [[nodiscard]] bool holds(Bytes bytes) const {
    try {
      return std::holds_alternative<CheckedProof>(judged(bytes));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input) << error.what();
      return false;
    }
  }

  MadeSeal seal_{GetParam().algorithm};
};

TEST_P(ProofIn, HoldsForEachLineOfAFile) {
  for (std::size_t i = 0; i < seal_.lines().size(); ++i) {
    const Verdict verdict = judged(seal_.line_proof(i));
    const bool is_of_a_file = i >= 5;  // format, origin, time, tool, note
    ASSERT_EQ(std::holds_alternative<CheckedProof>(verdict), is_of_a_file) << seal_.lines()[i];
    if (!is_of_a_file) continue;
    const auto& checked = std::get<CheckedProof>(verdict);
    EXPECT_EQ(checked.head, seal_.head());
    EXPECT_EQ(checked.index, i);
    EXPECT_EQ(checked.issued_at, MadeSeal::kIssuedAt);
    const bool is_other = checked.line.kind == ProvedLine::Kind::file && i > 6;
    EXPECT_TRUE(!is_other || checked.line.digest == openssl_sha256(as_bytes(checked.line.path)));
  }
}

TEST_P(ProofIn, HoldsForEachRecordAndShowsNoMoreThanItIsTold) {
  for (std::size_t i = 0; i < seal_.records().size(); ++i) {
    const std::vector<std::uint8_t> bytes = bytes_of(seal_.record_proof(i, {{"USUBJID", "AEOUT"}}));
    const Verdict verdict = judged(bytes);
    ASSERT_TRUE(std::holds_alternative<CheckedProof>(verdict)) << i;
    const auto& record = std::get<CheckedProof>(verdict).record;
    ASSERT_TRUE(record);
    EXPECT_EQ(record->index, i);
    ASSERT_EQ(record->cells.size(), 4U);
    EXPECT_EQ(std::get<ShownCell>(record->cells[0]).value, "01-70" + std::to_string(i));
    EXPECT_TRUE(std::holds_alternative<Digest>(record->cells[1]));
    EXPECT_TRUE(std::holds_alternative<Digest>(record->cells[2]));
    const std::string text(bytes.begin(), bytes.end());
    EXPECT_EQ(text.find("NAUSEA"), std::string::npos);
  }
}

TEST_P(ProofIn, ComesBackAsItWas) {
  for (const Proof& proof :
       {seal_.line_proof(7), seal_.record_proof(3), seal_.record_proof(0, {{}})}) {
    const std::vector<std::uint8_t> bytes = bytes_of(proof);
    const ReadProof read = read_proof(bytes);
    EXPECT_EQ(read.proof, proof);
    EXPECT_EQ(bytes_of(read.proof), bytes);
  }
}

TEST_P(ProofIn, FailsWhenAnyOfItsPartsIsChanged) {
  // A receipt's root follows from the path, so that it is the signature which fails.
  const std::string elsewhere = GetParam().form == Form::tlog ? "wrong_path" : "bad_signature";
  const Proof line = seal_.line_proof(seal_.records_line() + 2);
  EXPECT_EQ(fault(line, [](Proof& p) { p.line += 'x'; }), elsewhere);
  EXPECT_EQ(fault(line, [](Proof& p) { p.line[3] = p.line[3] == '0' ? '1' : '0'; }), elsewhere);
  EXPECT_EQ(fault(line, [](Proof& p) { p.line = "# note locked"; }), "wrong_line");
  EXPECT_EQ(fault(line, [](Proof& p) { p.line += "\n" + p.line; }), "wrong_line");
  EXPECT_EQ(fault(line, [](Proof& p) { p.index ^= 1; }), elsewhere);
  EXPECT_EQ(fault(line, [](Proof& p) { p.index = ~std::uint64_t{0}; }), "wrong_path");
  EXPECT_EQ(fault(line, [](Proof& p) { p.path.pop_back(); }), "wrong_path");
  EXPECT_EQ(fault(line, [](Proof& p) { p.path.push_back(Digest()); }), "wrong_path");
  EXPECT_EQ(fault(line, [this](Proof& p) { p.record = seal_.record_proof(0).record; }),
            "wrong_record");
  EXPECT_EQ(fault(line, [](Proof& p) { p.statement.pop_back(); }), "wrong_statement");
  EXPECT_EQ(fault(line, [](Proof& p) { p.anchor = {1, 2, 3}; }), "wrong_anchor");
  EXPECT_EQ(fault(line, [](Proof&) {}), "");
  EXPECT_EQ(fault(line, [](Proof& p) { p.statement.clear(); }), "");  // is not needed
}

TEST_P(ProofIn, FailsWhenAnythingOfTheRecordIsChanged) {
  const Proof proof = seal_.record_proof(2, {{"USUBJID", "AESEV"}});
  const auto record_fault = [&](const std::function<void(RecordProof&)>& change) {
    return fault(proof, [&](Proof& p) { change(*p.record); });
  };
  const auto shown = [](RecordProof& r, std::size_t i) -> ShownCell& {
    return std::get<ShownCell>(r.cells[i]);
  };
  EXPECT_EQ(record_fault([&](RecordProof& r) { shown(r, 0).value = "01-703"; }), "wrong_record");
  EXPECT_EQ(record_fault([&](RecordProof& r) { shown(r, 0).name = "SUBJID"; }), "wrong_record");
  EXPECT_EQ(record_fault([&](RecordProof& r) { shown(r, 0).salt[15] ^= 1; }), "wrong_record");
  EXPECT_EQ(record_fault([](RecordProof& r) { r.salt[0] ^= 1; }), "wrong_record");
  EXPECT_EQ(record_fault([](RecordProof& r) { std::get<Digest>(r.cells[1])[0] ^= 1; }),
            "wrong_record");
  EXPECT_EQ(record_fault([](RecordProof& r) { std::swap(r.cells[0], r.cells[2]); }),
            "wrong_record");
  EXPECT_EQ(record_fault([](RecordProof& r) { r.cells.pop_back(); }), "wrong_record");
  EXPECT_EQ(record_fault([](RecordProof& r) { r.cells.emplace_back(Digest()); }), "wrong_record");
  EXPECT_EQ(record_fault([](RecordProof& r) { r.index = 3; }), "wrong_record");
  EXPECT_EQ(record_fault([](RecordProof& r) { r.path.pop_back(); }), "wrong_record");
  EXPECT_EQ(record_fault([](RecordProof& r) { r.path[0][5] ^= 1; }), "wrong_record");
  // The record of another line, and another record of this one.
  EXPECT_EQ(fault(proof,
                  [this](Proof& p) {
                    const Proof other = seal_.line_proof(seal_.records_line() - 1);
                    p.line = other.line;
                    p.index = other.index;
                    p.path = other.path;
                  }),
            "wrong_record");
  EXPECT_EQ(fault(proof, [](Proof& p) { p.record.reset(); }), "");  // the line alone is proved
}

TEST_P(ProofIn, FailsUnderAnotherKeyOrHead) {
  const MadeSeal other(GetParam().algorithm, 6);
  const ReadProof read = read_proof(bytes_of(seal_.record_proof(1)));
  EXPECT_EQ(std::get<ProofFault>(check_proof(read, other.key().public_key())),
            ProofFault::unknown_signer);
  const auto elsewhere = read_proof(written(other, seal_.record_proof(1), GetParam().form));
  EXPECT_EQ(std::get<ProofFault>(check_proof(elsewhere, other.key().public_key())),
            GetParam().form == Form::tlog ? ProofFault::wrong_path : ProofFault::bad_signature);
}

TEST_P(ProofIn, FailsWhenAnyByteIsChanged) {
  const std::vector<std::uint8_t> good = bytes_of(seal_.record_proof(6, {{"USUBJID"}}));
  ASSERT_TRUE(holds(good));
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::vector<std::uint8_t> bad = good;
    bad[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
    EXPECT_FALSE(holds(bad)) << "byte " << i;
  }
}

TEST_P(ProofIn, FailsWhenCutOrContinued) {
  const std::vector<std::uint8_t> good = bytes_of(seal_.line_proof(6));
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(holds(Bytes(good).first(size))) << size;
  std::vector<std::uint8_t> longer = good;
  longer.push_back('\n');
  EXPECT_FALSE(holds(longer));
}

TEST_P(ProofIn, OfATreeOfOneLineHasAnEmptyPath) {
  const std::string line = seal_.lines().back();
  const TreeHead head{"salus-trial/one", 1, tree_over({line}).root()};
  const Proof proof{line, 0, {}, {}, {}, {}};
  ReadProof read{proof, {}};
  if (GetParam().form == Form::tlog) {
    read = read_proof(as_bytes(write_tlog_proof(proof, make_checkpoint(seal_.key(), head))));
  } else {
    const auto signed_head = read_tree_head(sign_tree_head(seal_.key(), head)).value();
    read = read_proof(write_cose_proof(proof, signed_head));
  }
  const Verdict verdict = check_proof(read, seal_.key().public_key());
  ASSERT_TRUE(std::holds_alternative<CheckedProof>(verdict));
  EXPECT_EQ(std::get<CheckedProof>(verdict).head, head);
}

INSTANTIATE_TEST_SUITE_P(Forms, ProofIn,
                         testing::Values(Kind{Form::tlog, Algorithm::ed25519},
                                         Kind{Form::tlog, Algorithm::p256},
                                         Kind{Form::cose, Algorithm::ed25519},
                                         Kind{Form::cose, Algorithm::p256}),
                         [](const auto& suite) {
                           return std::string(suite.param.form == Form::tlog ? "tlog_" : "cose_") +
                                  engine::signature::to_string(suite.param.algorithm);
                         });

TEST(CoseProof, SaysItsSizeTwiceAndBothCount) {
  const MadeSeal seal(Algorithm::ed25519);
  InclusionReceipt receipt =
      read_inclusion_receipt(write_cose_proof(seal.line_proof(6), seal.signed_head())).value();
  ReadProof read{seal.line_proof(6), receipt};
  EXPECT_TRUE(std::holds_alternative<CheckedProof>(check_proof(read, seal.key().public_key())));
  std::get<InclusionReceipt>(read.head).tree_size += 1;
  EXPECT_EQ(std::get<ProofFault>(check_proof(read, seal.key().public_key())),
            ProofFault::wrong_path);
}

TEST(ProvedLine, IsReadAsStrictlyAsTheWholeText) {
  const std::string digest(64, 'a');
  EXPECT_EQ(read_proved_line(digest + "  a/b")->path, "a/b");
  EXPECT_EQ(read_proved_line("\\" + digest + "  a\\nb")->path, "a\nb");
  const auto chunks = read_proved_line("# chunks rfc9162-sha256 1048576 2 " + digest + "  a\\\\b");
  ASSERT_TRUE(chunks);
  EXPECT_EQ(chunks->kind, ProvedLine::Kind::chunks);
  EXPECT_EQ(chunks->path, "a\\b");
  EXPECT_EQ(chunks->chunks.count, 2U);
  const std::string bad[] = {"",
                             "#",
                             "# ",
                             "# note x",
                             "# cells",
                             "# section 2 1970-01-01T00:00:00Z",
                             digest + " a",
                             digest + "  ../a",
                             digest + "  /a",
                             digest + "  a\n" + digest + "  b",
                             "# records x 01 " + digest + "  a",
                             "# records x 1 " + digest + "  a\n# records x 1 " + digest + "  b",
                             "# chunks rfc9162-sha256 1048577 2 " + digest + "  a"};
  for (const std::string& line : bad) EXPECT_FALSE(read_proved_line(line)) << line;
}

}  // namespace
}  // namespace salus::trial::test
