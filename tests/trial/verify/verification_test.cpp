// A folder against its seal: each kind of difference, and none outside the folder.
#include "trial/verify/verification.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "engine/error.h"
#include "tests/support/random_data.h"
#include "tests/trial/huge_file.h"
#include "tests/trial/study.h"
#include "trial/seal/sums.h"

namespace salus::trial {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Ten small files and two large ones, sealed.
struct VerifiedStudy : test::Study {
  std::optional<SealFolder> sealed;
  std::vector<Finding> findings;
  VerifySummary summary;

  VerifiedStudy() {
    for (int i = 0; i < 10; ++i)
      write("small/" + std::to_string(i), "content of " + std::to_string(i));
    const std::vector<std::uint8_t> bytes = test::random_bytes(6 * kChunkBytes, 1);
    folder.write("study/large 1", Bytes(bytes));
    folder.write("study/large 2", Bytes(bytes).first(3 * kChunkBytes + 1));
    seal();
    sealed.emplace(seal_path());
  }

  [[nodiscard]] VerifyRequest verify_request() const {
    VerifyRequest out;
    out.folder = data();
    out.seal = &*sealed;
    return out;
  }
  void verify(const VerifyRequest& request, const engine::JobControl& control = {}) {
    findings.clear();
    summary = verify_study(
        request, [this](const Finding& finding) { findings.push_back(finding); }, control);
  }
  void verify() { verify(verify_request()); }
  /// What is said of one path.
  [[nodiscard]] Finding of(std::string_view path) const {
    for (const Finding& finding : findings)
      if (finding.path == path) return finding;
    ADD_FAILURE() << "nothing is said of " << path;
    return {};
  }
  /// All but those that are unchanged.
  [[nodiscard]] std::map<std::string, Outcome> different() const {
    std::map<std::string, Outcome> out;
    for (const Finding& finding : findings)
      if (finding.outcome != Outcome::unchanged) out[finding.path] = finding.outcome;
    return out;
  }
  void flip(const std::string& name, std::uint64_t offset, std::uint8_t bits = 1) const {
    std::fstream file(data(name), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset));
    const char byte = static_cast<char>(file.get() ^ bits);
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(byte);
  }
};

using Differences = std::map<std::string, Outcome>;

TEST(Verification, OfAnUntouchedStudyFindsAllUnchanged) {
  VerifiedStudy study;
  study.verify();
  EXPECT_TRUE(study.summary.all_unchanged());
  EXPECT_EQ(study.summary.of(Outcome::unchanged), 12U);
  EXPECT_EQ(study.summary.bytes, 9 * kChunkBytes + 1 + 120);
  EXPECT_TRUE(std::is_sorted(study.findings.begin(), study.findings.end(),
                             [](const Finding& a, const Finding& b) { return a.path < b.path; }));
}

TEST(Verification, TellsEachKindOfDifference) {
  VerifiedStudy study;
  study.write("small/1", "another content");
  fs::remove(study.data("small/2"));
  study.write("small/22", "new");
  fs::rename(study.data("small/3"), study.data("moved here"));
  fs::rename(study.data("large 2"), study.data("small/large"));
  study.verify();
  EXPECT_EQ(study.different(), (Differences{{"small/1", Outcome::changed},
                                            {"small/2", Outcome::missing},
                                            {"small/22", Outcome::added},
                                            {"small/3", Outcome::renamed},
                                            {"large 2", Outcome::renamed}}));
  EXPECT_EQ(study.of("small/3").new_path, "moved here");
  EXPECT_EQ(study.of("large 2").new_path, "small/large");
  EXPECT_FALSE(study.summary.all_unchanged());
}

TEST(Verification, TellsSwappedContents) {
  VerifiedStudy study;
  fs::rename(study.data("small/1"), study.data("t"));
  fs::rename(study.data("small/2"), study.data("small/1"));
  fs::rename(study.data("t"), study.data("small/2"));
  study.verify();
  EXPECT_EQ(study.different(),
            (Differences{{"small/1", Outcome::changed}, {"small/2", Outcome::changed}}));
  EXPECT_EQ(study.of("small/1").reason, "holds what was sealed as small/2");
  EXPECT_EQ(study.of("small/2").reason, "holds what was sealed as small/1");
}

TEST(Verification, PlacesAChangeToTheChunk) {
  VerifiedStudy study;
  study.flip("large 1", 2 * kChunkBytes + 12'345);
  study.flip("large 1", 6 * kChunkBytes - 1);
  study.verify();
  const Finding finding = study.of("large 1");
  EXPECT_EQ(finding.outcome, Outcome::changed);
  ASSERT_EQ(finding.places.size(), 2U);
  EXPECT_EQ(finding.places[0].index, 2U);
  EXPECT_EQ(finding.places[1].index, 5U);
  EXPECT_EQ(finding.places[0].kind, Place::Kind::chunk);
}

TEST(Verification, SaysWhichChunksAFileLostOrGained) {
  VerifiedStudy study;
  fs::resize_file(study.data("large 1"), 4 * kChunkBytes);
  fs::resize_file(study.data("large 2"), 5 * kChunkBytes);
  VerifyRequest request = study.verify_request();
  request.max_places = 1;
  study.verify(request);
  ASSERT_EQ(study.of("large 1").places.size(), 1U);
  EXPECT_EQ(study.of("large 1").places[0].change, Place::Change::removed);
  EXPECT_EQ(study.of("large 1").places[0].index, 4U);
  EXPECT_EQ(study.of("large 1").more_places, 1U);
  EXPECT_EQ(study.of("large 2").places[0].index, 3U);  // the last one was shorter
  EXPECT_EQ(study.of("large 2").more_places, 1U);
}

TEST(Verification, FindsEverySampledBit) {
  VerifiedStudy study;
  for (const std::uint64_t offset :
       {std::uint64_t{0}, kChunkBytes - 1, kChunkBytes, 2 * kChunkBytes + 4096, 3 * kChunkBytes})
    for (const int bit : {0, 3, 7}) {
      const auto bits = static_cast<std::uint8_t>(1 << bit);
      study.flip("large 2", offset, bits);
      study.verify();
      ASSERT_EQ(study.different(), (Differences{{"large 2", Outcome::changed}}));
      ASSERT_EQ(study.of("large 2").places.at(0).index, offset / kChunkBytes);
      study.flip("large 2", offset, bits);
    }
  for (std::uint64_t offset = 0; offset < 12; ++offset) {
    study.flip("small/4", offset);
    study.verify();
    ASSERT_EQ(study.different(), (Differences{{"small/4", Outcome::changed}}));
    study.flip("small/4", offset);
  }
  study.verify();
  EXPECT_TRUE(study.summary.all_unchanged());
}

TEST(Verification, HoldsWithEveryInstructionSetAndNumberOfThreads) {
  VerifiedStudy study;
  study.flip("large 2", 5);
  for (const char* variant : {"scalar", "sse2", "avx2", "avx512", "sha-ni"})
    for (const bool whole : {false, true}) {
      VerifyRequest request = study.verify_request();
      request.cpu = {.threads = whole ? 1U : 3U, .variant = variant};
      request.whole_digests = whole;
      try {
        study.verify(request);
      } catch (const Error& error) {
        ASSERT_EQ(error.kind(), ErrorKind::usage) << error.what();  // not on this machine
        continue;
      }
      EXPECT_EQ(study.different(), (Differences{{"large 2", Outcome::changed}})) << variant;
    }
}

/// A seal whose digest of a file is not of the bytes that its chunk tree is of.
TEST(Verification, ComparesWholeDigestsWhenAsked) {
  VerifiedStudy study;
  std::string text(study.sealed->text());
  const std::string digest = to_hex(study.sealed->find("large 1")->digest);
  text.replace(text.find(digest), digest.size(), std::string(64, '0'));
  study.folder.write("study.seal/SHA256SUMS", text);
  study.sealed.emplace(study.seal_path());
  study.verify();
  EXPECT_TRUE(study.summary.all_unchanged());
  VerifyRequest request = study.verify_request();
  request.whole_digests = true;
  study.verify(request);
  EXPECT_EQ(study.different(), (Differences{{"large 1", Outcome::changed}}));
}

TEST(Verification, ReadsNothingByWayOfLinks) {
  VerifiedStudy study;
  const std::string outside = study.folder.write("outside/0", "content of 0");
  fs::rename(study.data("small/1"), study.folder.path("outside/1"));
  fs::create_symlink(study.folder.path("outside/1"), study.data("small/1"));
  study.verify();
  EXPECT_EQ(study.of("small/1").outcome, Outcome::changed);
  EXPECT_EQ(study.of("small/1").reason, "is a symbolic link now");
  // The whole folder elsewhere, with all its content: nothing of it counts.
  fs::remove(study.data("small/1"));
  fs::rename(study.folder.path("outside/1"), study.data("small/1"));
  fs::rename(study.data("small"), study.folder.path("small elsewhere"));
  fs::create_directory_symlink(study.folder.path("small elsewhere"), study.data("small"));
  study.verify();
  EXPECT_EQ(study.summary.of(Outcome::missing), 10U);
  EXPECT_EQ(study.of("small").outcome, Outcome::added);
  EXPECT_EQ(study.of("small").reason, "is a symbolic link");
}

TEST(Verification, SaysWhatTookThePlaceOfAFile) {
  VerifiedStudy study;
  fs::remove(study.data("small/1"));
  ASSERT_EQ(mkfifo(study.data("small/1").c_str(), 0600), 0);
  fs::remove(study.data("small/2"));
  study.write("small/2/inner", "x");
  study.verify();
  EXPECT_EQ(study.of("small/1").reason, "is a FIFO now");
  EXPECT_EQ(study.of("small/2").reason, "is a folder now");
  EXPECT_EQ(study.of("small/2/inner").outcome, Outcome::added);
}

TEST(Verification, LeavesOutWhatTheSealLeftOut) {
  test::Study study;
  study.write("a", "a");
  SealRequest request = study.request();
  request.header.excludes = {"*.log"};
  study.seal(request);
  study.write("b.log", "new");
  const SealFolder seal(study.seal_path());
  VerifyRequest verify;
  verify.folder = study.data();
  verify.seal = &seal;
  EXPECT_TRUE(verify_study(verify, [](const Finding&) {}).all_unchanged());
}

TEST(Verification, SaysWhatIsDamagedInTheSealWhereItMatters) {
  VerifiedStudy study;
  study.flip("large 1", 5);
  fs::remove(study.seal_path() + "/chunks");
  study.verify();
  EXPECT_EQ(study.of("large 1").outcome, Outcome::changed);
  EXPECT_THAT(study.of("large 1").reason, HasSubstr("chunks: is not there"));
}

TEST(Verification, OfAGrownSealTakesAllSections) {
  VerifiedStudy study;
  study.write("0 first", "new");
  study.write("zz", "new too");
  SealRequest request = study.request();
  request.grown_from = &*study.sealed;
  request.section_time = "2026-12-01T00:00:00Z";
  request.seal = study.folder.path("grown.seal");
  study.Study::seal(request);
  study.sealed.emplace(request.seal);
  study.verify();
  EXPECT_TRUE(study.summary.all_unchanged());
  EXPECT_EQ(study.summary.of(Outcome::unchanged), 14U);
}

TEST(Verification, GoesOnWhereItWasStopped) {
  VerifiedStudy study;
  for (int i = 0; i < 3000; ++i) study.write("more/" + std::to_string(i), std::to_string(i));
  fs::remove_all(study.seal_path());
  study.seal();
  study.sealed.emplace(study.seal_path());
  VerifyRequest request = study.verify_request();
  request.progress_file = study.folder.path("progress");
  request.cpu.threads = 1;
  std::stop_source stop;
  stop.request_stop();  // seen at the first look, when some files are through
  EXPECT_THROW(study.verify(request, {.stop = stop.get_token(), .progress = {}}), Cancelled);
  request.resume = true;
  study.verify(request);
  EXPECT_TRUE(study.summary.all_unchanged());
  EXPECT_FALSE(fs::exists(request.progress_file));
}

/// What a run before has verified is not believed of a file that has changed since.
TEST(Verification, ResumedLooksAgainAtFilesThatChangedSince) {
  VerifiedStudy study;
  VerifyRequest request = study.verify_request();
  request.progress_file = study.folder.path("progress");
  std::stop_source stop;
  // Stopped while findings are told: everything was read by then.
  EXPECT_THROW(verify_study(request, [](const Finding&) { throw Cancelled(); }), Cancelled);
  ASSERT_TRUE(fs::exists(request.progress_file));
  study.write("small/3", "CONTENT OF 3");
  request.resume = true;
  study.verify(request);
  EXPECT_EQ(study.summary.resumed, 11U);
  EXPECT_EQ(study.different(), (Differences{{"small/3", Outcome::changed}}));
}

/// Stopped in the middle of one file, a verification goes on there, and finds what changed before.
TEST(Verification, ResumedGoesOnWithinAHugeFile) {
  test::Study study;
  constexpr std::uint64_t kChunks = test::kHugeChunks;
  const std::string path = study.data("huge");
  test::make_huge_file(path, kChunks * kChunkBytes);
  study.seal();
  const SealFolder seal(study.seal_path());
  VerifyRequest request;
  request.folder = study.data();
  request.seal = &seal;
  request.progress_file = study.folder.path("progress");
  request.cpu = {.threads = 1, .variant = "scalar"};
  const auto stop_in_the_middle = [&request] {
    const auto look = [](std::uint64_t done, std::uint64_t) {
      if (done != 0) throw Cancelled();
    };
    verify_study(request, [](const Finding&) {}, {.stop = {}, .progress = look});
  };
  EXPECT_THROW(stop_in_the_middle(), Cancelled);

  request.resume = true;
  request.cpu = {};
  const VerifySummary summary = verify_study(request, [](const Finding&) {});
  EXPECT_TRUE(summary.all_unchanged());
  EXPECT_GE(summary.resumed_bytes, kChunkBytes);
  EXPECT_EQ(summary.bytes + summary.resumed_bytes, kChunks * kChunkBytes);
  EXPECT_FALSE(fs::exists(request.progress_file.string() + ".begun"));

  request.cpu = {.threads = 1, .variant = "scalar"};
  EXPECT_THROW(stop_in_the_middle(), Cancelled);
  test::mark_chunk(path, 0, "another mark");
  request.cpu = {};
  std::vector<Finding> findings;
  const VerifySummary changed =
      verify_study(request, [&findings](const Finding& finding) { findings.push_back(finding); });
  EXPECT_EQ(changed.resumed_bytes, 0U);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].outcome, Outcome::changed);
  ASSERT_EQ(findings[0].places.size(), 1U);
  EXPECT_EQ(findings[0].places[0].index, 0U);
}

TEST(Verification, RefusesAFolderThatIsNotThere) {
  VerifiedStudy study;
  VerifyRequest request = study.verify_request();
  request.folder = study.folder.path("none");
  EXPECT_THROW(study.verify(request), Error);
}

}  // namespace
}  // namespace salus::trial
