#include "trial/records/record_difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "engine/error.h"
#include "tests/trial/records/sealed_text.h"
#include "trial/records/difference/moved_runs.h"

namespace salus::trial {
namespace {

using test::joined;
using test::SealedFile;
using test::vital_signs;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t kRecords = 9000;  // three blocks of the index, several batches

/// "changed record 4 KEY", "changed VSORRES of record 4 KEY".
std::string shown(const Place& place) {
  constexpr std::array kChanges = {"changed", "added", "removed", "moved"};
  std::string out = kChanges.at(static_cast<std::size_t>(place.change));
  if (place.kind == Place::Kind::variable) out += ' ' + place.variable + " of";
  out += " record " + std::to_string(place.index);
  return place.key.empty() ? out : out + ' ' + place.key;
}

std::vector<std::string> shown(const RecordDifference& difference) {
  std::vector<std::string> out;
  for (const Place& place : difference.places) out.push_back(shown(place));
  return out;
}

class RecordDifferences : public testing::Test {
 protected:
  std::vector<std::string> lines_ = vital_signs(kRecords);
  const SealedFile sealed_{joined(lines_)};

  /// Line of a record, behind the header.
  std::string& line(std::size_t record) { return lines_[record + 1]; }
  RecordDifference compare(unsigned threads = 2) const {
    return sealed_.compare(joined(lines_), threads);
  }
};

TEST_F(RecordDifferences, ThereAreNoneInWhatWasSealed) {
  for (const unsigned threads : {1U, 3U}) {
    const RecordDifference difference = compare(threads);
    EXPECT_TRUE(difference.equal);
    EXPECT_EQ(difference.records, kRecords);
    EXPECT_THAT(difference.places, IsEmpty());
  }
}

TEST_F(RecordDifferences, ThereAreNoneWhenOnlyTheWritingIsAnother) {
  std::string other = "\xef\xbb\xbf";
  for (std::string line : lines_) {
    std::ranges::replace(line, ',', ';');
    other += line + "\r\n";
  }
  EXPECT_TRUE(sealed_.compare(other).equal);
}

TEST_F(RecordDifferences, EachChangedVariableIsNamed) {
  line(0) = "01-701-1000,1,SYSBP,changed";
  line(5000) = "01-701-1500,1,PULSE,61";
  line(kRecords - 1) += "5";
  const RecordDifference difference = compare();
  EXPECT_FALSE(difference.equal);
  EXPECT_EQ(difference.changed, 3U);
  EXPECT_THAT(shown(difference),
              ElementsAre("changed VSORRES of record 0 USUBJID=01-701-1000 VSSEQ=1",
                          "changed VSTESTCD of record 5000 USUBJID=01-701-1500 VSSEQ=1",
                          "changed VSORRES of record 5000 USUBJID=01-701-1500 VSSEQ=1",
                          "changed VSORRES of record 8999 USUBJID=01-701-1899 VSSEQ=10"));
}

TEST_F(RecordDifferences, AChangedKeyIsNamedToo) {
  line(77) = "01-701-9999,8,DIABP," + line(77).substr(line(77).rfind(',') + 1);
  EXPECT_THAT(shown(compare()),
              ElementsAre("changed USUBJID of record 77 USUBJID=01-701-9999 VSSEQ=8"));
}

TEST_F(RecordDifferences, EverySingleChangedBitOfARecordIsFoundAndNamed) {
  const std::string was = line(4321);
  for (std::size_t bit = 0; bit < 8 * was.size(); ++bit) {
    line(4321) = was;
    char& byte = line(4321)[bit / 8];
    const bool was_delimiter = byte == ',';
    byte = static_cast<char>(byte ^ (1 << bit % 8));
    if (was_delimiter || byte == ',' || byte == '"' || byte == '\n') continue;  // is malformed
    const RecordDifference difference = compare();
    EXPECT_EQ(difference.changed, 1U) << line(4321);
    ASSERT_EQ(difference.places.size(), 1U) << line(4321);
    EXPECT_EQ(difference.places[0].index, 4321U);
    EXPECT_EQ(difference.places[0].kind, Place::Kind::variable);
    const auto column = std::count(was.begin(), was.begin() + static_cast<long>(bit / 8), ',');
    constexpr std::array kNames = {"USUBJID", "VSSEQ", "VSTESTCD", "VSORRES"};
    EXPECT_EQ(difference.places[0].variable, kNames.at(static_cast<std::size_t>(column)));
  }
}

TEST_F(RecordDifferences, AddedRecordsAreToldFromChangedOnes) {
  lines_.insert(lines_.begin() + 101, "01-701-1010,99,SYSBP,1");
  lines_.insert(lines_.begin() + 7001, "01-702-0001,1,SYSBP,2");
  lines_.push_back("01-703-0001,1,SYSBP,3");
  const RecordDifference difference = compare();
  EXPECT_EQ(difference.added, 3U);
  EXPECT_THAT(shown(difference), ElementsAre("added record 100 USUBJID=01-701-1010 VSSEQ=99",
                                             "added record 7000 USUBJID=01-702-0001 VSSEQ=1",
                                             "added record 9002 USUBJID=01-703-0001 VSSEQ=1"));
}

TEST_F(RecordDifferences, RemovedRecordsAreNamedByTheirSealedNumber) {
  lines_.erase(lines_.begin() + 8001);
  lines_.erase(lines_.begin() + 1, lines_.begin() + 3);
  const RecordDifference difference = compare();
  EXPECT_EQ(difference.removed, 3U);
  EXPECT_THAT(shown(difference),
              ElementsAre("removed record 0", "removed record 1", "removed record 8000"));
}

TEST_F(RecordDifferences, AFileThatWasCutBetweenRecordsLacksTheRest) {
  lines_.resize(kRecords - 2);
  EXPECT_THAT(shown(compare()),
              ElementsAre("removed record 8997", "removed record 8998", "removed record 8999"));
}

TEST_F(RecordDifferences, SwappedRecordsAreMovedAndNothingElse) {
  std::swap(line(10), line(6000));
  const RecordDifference difference = compare();
  EXPECT_EQ(difference.moved, 2U);
  EXPECT_EQ(difference.changed + difference.added + difference.removed, 0U);
  EXPECT_FALSE(difference.equal);
  EXPECT_THAT(shown(difference), ElementsAre("moved record 10 USUBJID=01-701-1600 VSSEQ=1",
                                             "moved record 6000 USUBJID=01-701-1001 VSSEQ=1"));
}

TEST_F(RecordDifferences, ARecordThatIsPutElsewhereIsTheOneThatMoved) {
  const std::string moved = line(20);
  lines_.erase(lines_.begin() + 21);
  lines_.insert(lines_.begin() + 8001, moved);
  EXPECT_THAT(shown(compare()), ElementsAre("moved record 8000 USUBJID=01-701-1002 VSSEQ=1"));
}

TEST_F(RecordDifferences, ShuffledRecordsAreAllFound) {
  std::mt19937 random(3);
  std::shuffle(lines_.begin() + 1, lines_.end(), random);
  const RecordDifference difference = sealed_.compare(joined(lines_), 2, 10);
  EXPECT_EQ(difference.changed + difference.added + difference.removed, 0U);
  EXPECT_GT(difference.moved, kRecords - 400);  // about 2 sqrt(n) stay in order
  EXPECT_EQ(difference.places.size(), 10U);
  EXPECT_EQ(difference.more_places, difference.moved - 10);
}

TEST_F(RecordDifferences, EveryMovedRecordThatIsListedHasItsKey) {
  std::reverse(lines_.begin() + 1, lines_.end());
  const RecordDifference difference = sealed_.compare(joined(lines_), 2, 10);
  EXPECT_EQ(difference.moved, kRecords - 1);
  ASSERT_EQ(difference.places.size(), 10U);
  for (const Place& place : difference.places) EXPECT_NE(place.key, "") << place.index;
}

TEST_F(RecordDifferences, SeveralKindsInOneFileAreToldApart) {
  line(3) = "01-701-1000,4,DIABP,999";
  lines_.erase(lines_.begin() + 31);                             // sealed 30
  lines_.insert(lines_.begin() + 41, "01-799-0001,1,SYSBP,80");  // stands at 40
  line(5000) = "01-701-1500,1,SYSBP,999";
  const RecordDifference difference = compare();
  EXPECT_THAT(shown(difference),
              ElementsAre("changed VSORRES of record 3 USUBJID=01-701-1000 VSSEQ=4",
                          "added record 40 USUBJID=01-799-0001 VSSEQ=1",
                          "changed VSORRES of record 5000 USUBJID=01-701-1500 VSSEQ=1",
                          "removed record 30"));
  EXPECT_EQ(difference.changed, 2U);
  EXPECT_EQ(difference.added, 1U);
  EXPECT_EQ(difference.removed, 1U);
  EXPECT_EQ(difference.moved, 0U);
}

TEST_F(RecordDifferences, ADuplicateIsAdded) {
  lines_.insert(lines_.begin() + 500, line(499));
  const RecordDifference difference = compare();
  EXPECT_EQ(difference.added, 1U);
  EXPECT_EQ(difference.changed + difference.removed + difference.moved, 0U);
}

TEST_F(RecordDifferences, ARenamedColumnIsNamedInEveryRecord) {
  lines_[0] = "USUBJID,VSSEQ,VSTESTCD,VSSTRESC";
  const RecordDifference difference = sealed_.compare(joined(lines_), 2, 4);
  EXPECT_EQ(difference.changed, kRecords);
  EXPECT_THAT(shown(difference),
              ElementsAre("added VSSTRESC of record 0 USUBJID=01-701-1000 VSSEQ=1",
                          "removed VSORRES of record 0 USUBJID=01-701-1000 VSSEQ=1",
                          "added VSSTRESC of record 1 USUBJID=01-701-1000 VSSEQ=2",
                          "removed VSORRES of record 1 USUBJID=01-701-1000 VSSEQ=2"));
  EXPECT_EQ(difference.more_places, kRecords - 2);
}

TEST_F(RecordDifferences, AnotherOrderOfColumnsChangesRecordsButNoVariable) {
  for (std::string& line : lines_) {
    const std::size_t comma = line.find(',');
    const std::size_t second = line.find(',', comma + 1);
    line = line.substr(comma + 1, second - comma - 1) + ',' + line.substr(0, comma) +
           line.substr(second);
  }
  const RecordDifference difference = sealed_.compare(joined(lines_), 2, 1);
  EXPECT_EQ(difference.changed, kRecords);
  EXPECT_THAT(shown(difference), ElementsAre("changed record 0 VSSEQ=1 USUBJID=01-701-1000"));
}

TEST_F(RecordDifferences, AMalformedFileIsReadAsFarAsItGoes) {
  line(2) = "01-701-1000,3,SYSBP,changed";
  line(8499) += "changed";
  line(8500) = "cut";
  const RecordDifference difference = compare();
  EXPECT_FALSE(difference.equal);
  EXPECT_EQ(difference.changed, 2U);
  EXPECT_EQ(difference.removed, 0U);
  EXPECT_EQ(difference.fault, "sdtm/vs.csv: record 8500: has 1 fields, the header has 4");
}

TEST(RecordDifferencesWithoutCells, NameTheRecordOnly) {
  auto lines = vital_signs(100);
  const SealedFile sealed(joined(lines), false);
  lines[43] = "01-701-1004,3,SYSBP,changed";
  EXPECT_THAT(shown(sealed.compare(joined(lines))),
              ElementsAre("changed record 42 USUBJID=01-701-1004 VSSEQ=3"));
}

TEST(RecordDifferencesWithoutKeys, GoByContentAndPosition) {
  std::vector<std::string> lines = {"time,value"};
  for (int i = 0; i < 100; ++i)
    lines.push_back(std::to_string(i) + ',' + std::to_string(i * 37 % 11));
  const SealedFile sealed(joined(lines));
  lines[11] = "10,changed";
  lines.erase(lines.begin() + 51);
  lines.insert(lines.begin() + 81, "new,1");
  EXPECT_THAT(shown(sealed.compare(joined(lines))),
              ElementsAre("changed value of record 10", "added record 80", "removed record 50"));
}

TEST(RecordDifferencesOfEqualRecords, AreCounted) {
  std::vector<std::string> lines(5001, "same,same");
  const SealedFile sealed(joined(lines));
  EXPECT_TRUE(sealed.compare(joined(lines)).equal);
  lines.resize(4001);
  EXPECT_EQ(sealed.compare(joined(lines)).removed, 1000U);
  lines.resize(5101, "same,same");
  const RecordDifference more = sealed.compare(joined(lines));
  EXPECT_EQ(more.added, 100U);
  EXPECT_EQ(more.changed + more.removed + more.moved, 0U);
}

TEST(RecordDifferencesOfAnotherSeal, AreAnError) {
  const SealedFile sealed(joined(vital_signs(10)));
  RecordCompareRequest request;
  request.path = SealedFile::kPath;
  request.sealed = sealed.sealed();
  const auto compare = [&](StudySecretBytes secret) {
    return compare_records(test::open_to_read(sealed.data_path()), sealed.index(), secret, request);
  };
  EXPECT_TRUE(compare(sealed.secret()).equal);
  const auto other_secret = test::random_bytes(kStudySecretBytes, 99);
  EXPECT_THROW(compare(StudySecretBytes(other_secret)), Error);
  request.path = "sdtm/other.csv";
  EXPECT_THROW(compare(sealed.secret()), Error);
  request.path = SealedFile::kPath;
  request.sealed.root = {};
  EXPECT_THROW(compare(sealed.secret()), Error);
}

/// Fewest records to take out so that the rest ascends, by trying all subsets.
std::uint64_t least_moved(const std::vector<Run>& runs) {
  std::uint64_t least = ~std::uint64_t{0};
  for (unsigned taken = 0; taken < 1U << runs.size(); ++taken) {
    std::uint64_t out = 0;
    std::int64_t last = -1;
    bool ascends = true;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if ((taken >> i & 1U) != 0) {
        out += runs[i].length;
        continue;
      }
      ascends = ascends && static_cast<std::int64_t>(runs[i].sealed) > last;
      last = static_cast<std::int64_t>(runs[i].sealed);
    }
    if (ascends) least = std::min(least, out);
  }
  return least;
}

TEST(MovedRuns, AreAsFewRecordsAsCanBe) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<trial::Run> runs(1 + random() % 8);
    std::vector<std::uint64_t> order(runs.size());
    std::iota(order.begin(), order.end(), 0U);
    std::shuffle(order.begin(), order.end(), random);
    for (std::size_t i = 0; i < runs.size(); ++i)
      runs[i] = {100 * order[i], 100 * i, 1 + random() % 9};
    std::uint64_t moved = 0;
    for (const trial::Run& run : moved_runs(runs)) moved += run.length;
    EXPECT_EQ(moved, least_moved(runs));
  }
}

}  // namespace
}  // namespace salus::trial
