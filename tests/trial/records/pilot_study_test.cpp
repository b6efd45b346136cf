// Records of the real study: every bit that is changed in them is found, and an export made again
// has none that differs.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/support/places.h"
#include "tests/trial/records/read_records.h"
#include "tests/trial/records/readstat_reader.h"
#include "tests/trial/records/sealed_text.h"
#include "trial/records/xpt/xpt_records.h"

namespace salus::trial {
namespace {

using test::SealedFile;

const std::string kSdtm = salus::test::test_data("trial/cdiscpilot01/sdtm/");

std::string pilot_data(const std::string& name) {
  std::ifstream file(kSdtm + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Where observations of a file begin and how long they are.
struct Observations {
  std::size_t begin = 0;
  std::size_t length = 1;
};
Observations observations_of(const std::string& path) {
  const auto reader = open_xpt5(test::open_file(path), "file");
  RecordBatch batch;
  EXPECT_TRUE(reader->next(batch));
  Observations out{batch.offset, 1};
  while (!open_xpt5(test::open_file(path), "file")->resume(1, out.begin + out.length)) ++out.length;
  return out;
}

/// Sanitizers take their time: with them every third byte.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::size_t kStep = 3;
#else
constexpr std::size_t kStep = 1;
#endif

TEST(PilotStudy, EverySingleChangedBitOfSampledRecordsIsFoundAndNamed) {
  for (const auto& [name, sampled] :
       {std::pair{"dm.xpt", 177UL}, std::pair{"ts.xpt", 0UL}, std::pair{"suppds.xpt", 2UL}}) {
    const std::string was = pilot_data(name);
    const SealedFile sealed(was, true, kXpt5Form);
    const auto [begin, length] = observations_of(kSdtm + name);
    for (std::size_t at = 0; at < length; at += kStep) {
      std::string now = was;
      char& byte = now[begin + sampled * length + at];
      byte = static_cast<char>(byte ^ (1 << at % 8));
      const RecordDifference difference = sealed.compare(now, 1);
      EXPECT_FALSE(difference.equal);
      EXPECT_EQ(difference.changed, 1U) << name << " byte " << at;
      EXPECT_EQ(difference.added + difference.removed + difference.moved, 0U);
      ASSERT_EQ(difference.places.size(), 1U) << name << " byte " << at;
      EXPECT_EQ(difference.places[0].index, sampled);
      EXPECT_EQ(difference.places[0].kind, Place::Kind::variable);
      EXPECT_FALSE(difference.places[0].variable.empty());
    }
  }
}

TEST(PilotStudy, AnExportMadeAgainHasEqualRecords) {
  const std::string was = pilot_data("dm.xpt");
  const SealedFile sealed(was, true, kXpt5Form);
  std::string again = was;
  constexpr std::size_t kCreated = 144;  // in the library's header: ddMMMyy:hh:mm:ss
  again.replace(kCreated, 16, "21NOV26:22:00:00");
  EXPECT_NE(again, was);
  EXPECT_TRUE(sealed.compare(again).equal);
}

TEST(PilotStudy, AnExportByAnotherProgramHasEqualRecords) {
  const test::TemporaryFolder folder;
  const SealedFile sealed(pilot_data("suppds.xpt"), true, kXpt5Form);
  test::readstat_write(folder.path("suppds.xpt"), test::readstat_read(kSdtm + "suppds.xpt"), 5);
  std::ifstream file(folder.path("suppds.xpt"), std::ios::binary);
  const std::string exported{std::istreambuf_iterator<char>(file), {}};
  EXPECT_NE(exported, pilot_data("suppds.xpt"));
  EXPECT_TRUE(sealed.compare(exported).equal);
}

TEST(PilotStudy, ATruncatedFileSaysSo) {
  const std::string was = pilot_data("ae.xpt");
  const SealedFile sealed(was, true, kXpt5Form);
  const RecordDifference difference = sealed.compare(was.substr(0, was.size() / 2));
  EXPECT_FALSE(difference.equal);
  EXPECT_NE(difference.fault.find("cut off"), std::string::npos);
  EXPECT_EQ(difference.changed + difference.added + difference.removed, 0U);
}

TEST(PilotStudy, ATruncatedFileIsComparedUpToThere) {
  std::string was = pilot_data("ae.xpt");
  const SealedFile sealed(was, true, kXpt5Form);
  const auto [begin, length] = observations_of(kSdtm + "ae.xpt");
  was[begin + 5 * length] ^= 1;  // in the study's name
  const std::size_t end = (begin + 7 * length) / 80 * 80;
  const RecordDifference cut = sealed.compare(was.substr(0, end));
  EXPECT_NE(cut.fault.find("cut off within observation 6 of AE"), std::string::npos) << cut.fault;
  ASSERT_EQ(cut.places.size(), 1U);
  EXPECT_EQ(cut.places[0].index, 5U);
  const RecordDifference torn = sealed.compare(was.substr(0, end + 1));
  EXPECT_NE(torn.fault.find("ends 1 bytes into a record"), std::string::npos) << torn.fault;
  EXPECT_EQ(torn.places.size(), 1U);
}

}  // namespace
}  // namespace salus::trial
