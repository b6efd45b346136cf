// Proofs out of a seal of real data: each record of the CDISC pilot study's smaller datasets.
#include "trial/proof/prove.h"
#include "tests/support/places.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "engine/error.h"
#include "tests/support/temporary_folder.h"
#include "trial/proof/attachments.h"
#include "trial/proof/proof_check.h"
#include "trial/proof/signed_seal.h"
#include "trial/seal/sealing.h"

namespace salus::trial::test {
namespace {

namespace fs = std::filesystem;

class PilotStudy : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(study_);
    for (const char* name : {"dm.xpt", "suppds.xpt", "ts.xpt"})
      fs::copy_file(fs::path(salus::test::test_data("trial/cdiscpilot01/sdtm")) / name,
                    study_ / name);
    SealRequest request;
    request.folder = study_;
    request.seal = folder_.path() / "study.seal";
    request.header = {"salus-trial/pilot", "2023-11-14T22:13:20Z", "salus test", {}, {}, false};
    request.records = true;
    request.secret = &secret_;
    request.sign = [this](const SealHeader& header, const merkle::Tree& tree) {
      return sign_parts(key_, {header.origin, tree.size(), tree.root()}, header.sealed, {});
    };
    seal_study(request, [](const SealProblem& problem) { ADD_FAILURE() << problem.reason; });
    seal_.emplace(request.seal);
    data_.emplace(study_);
  }
  [[nodiscard]] MadeProof prove(const std::string& path, std::uint64_t record) const {
    return prove_record(*seal_, *data_, secret_, path, {record, {}});
  }

  salus::test::TemporaryFolder folder_;
  fs::path study_ = folder_.path() / "study";
  StudySecret secret_ = StudySecret::generate();
  node::SigningKey key_ = node::SigningKey::generate(node::Algorithm::ed25519);
  std::optional<SealFolder> seal_;
  std::optional<StudyFolder> data_;
};

TEST_F(PilotStudy, IsProvedRecordByRecord) {
  const PublicKey key = key_.public_key();
  const std::string checkpoint = signatures_in(*seal_).checkpoint;
  const auto head = read_tree_head(signatures_in(*seal_).tree_head).value();
  std::size_t proved = 0;
  for (const SealedFile& file : seal_->seal().files) {
    ASSERT_TRUE(file.records) << file.path;
    for (std::uint64_t i = 0; i < file.records->count; ++i, ++proved) {
      const Proof proof = prove(file.path, i).proof;
      const auto text = read_proof(as_bytes(write_tlog_proof(proof, checkpoint)));
      const auto verdict = check_proof(text, key);
      ASSERT_TRUE(std::holds_alternative<CheckedProof>(verdict)) << file.path << " " << i;
      EXPECT_EQ(std::get<CheckedProof>(verdict).record->index, i);
      const auto receipt = check_proof(read_proof(write_cose_proof(proof, head)), key);
      ASSERT_TRUE(std::holds_alternative<CheckedProof>(receipt)) << file.path << " " << i;
    }
  }
  EXPECT_EQ(proved, 306U + 3U + 33U);
}

TEST_F(PilotStudy, ShowsWhatStandsInTheData) {
  const std::vector<std::uint64_t> found =
      find_sealed_records(*seal_, *data_, "dm.xpt", {{"USUBJID", "01-701-1015"}}, 2);
  ASSERT_EQ(found.size(), 1U);
  const MadeProof made = prove("dm.xpt", found[0]);
  EXPECT_THAT(made.key, testing::HasSubstr("01-701-1015"));
  std::vector<std::string> shown;
  for (const auto& cell : made.proof.record->cells)
    shown.push_back(std::get<ShownCell>(cell).name + "=" + std::get<ShownCell>(cell).value);
  EXPECT_THAT(shown, testing::IsSupersetOf({"USUBJID=01-701-1015", "SEX=F", "AGE=63"}));
}

TEST_F(PilotStudy, IsNotProvedUnderAnotherSecretOrWithOtherData) {
  const StudySecret other = StudySecret::generate();
  EXPECT_THROW(prove_record(*seal_, *data_, other, "ts.xpt", {0, {}}), Error);
  fs::copy_file(study_ / "dm.xpt", study_ / "ts.xpt", fs::copy_options::overwrite_existing);
  EXPECT_THROW(prove("ts.xpt", 0), Error);
  fs::remove(study_ / "ts.xpt");
  fs::create_symlink("dm.xpt", study_ / "ts.xpt");
  EXPECT_THROW(prove("ts.xpt", 0), Error);
  EXPECT_THROW(prove("../study/dm.xpt", 0), Error);
}

TEST_F(PilotStudy, HasASealInWhichEverySignedByteCounts) {
  EXPECT_TRUE(check_signatures(*seal_).faults.empty());
  EXPECT_TRUE(check_attachments(*seal_).empty());
  for (const std::string_view name :
       {kCheckpointFile, kStatementFile, kTreeHeadFile, kSignerFile}) {
    const std::string good = seal_->part(name, kMaxSealSignatureBytes).value();
    for (std::size_t i = 0; i < good.size(); i += 7) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 4);
      write_part(seal_->path(), name, bad);
      EXPECT_FALSE(check_signatures(*seal_).faults.empty()) << name << " " << i;
    }
    write_part(seal_->path(), name, good);
    fs::rename(seal_->path() / name, folder_.path() / "away");
    ASSERT_EQ(check_signatures(*seal_).faults.size(), 1U);
    EXPECT_EQ(check_signatures(*seal_).faults[0].file, name);
    fs::rename(folder_.path() / "away", seal_->path() / name);
  }
}

TEST_F(PilotStudy, OfWhichTheStatementHasAnotherTimeIsAFault) {
  const SealParts later = sign_parts(key_, tree_head_of(*seal_), "2023-11-14T22:13:21Z", {});
  for (const auto& [name, content] : later) write_part(seal_->path(), name, content);
  const SignatureCheck check = check_signatures(*seal_);
  ASSERT_EQ(check.faults.size(), 1U);
  EXPECT_THAT(check.faults[0].reason, testing::HasSubstr("another time"));
}

}  // namespace
}  // namespace salus::trial::test
