#include "cli/simulate/recording.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/simulate/fleet.h"
#include "cli/simulate/packs.h"
#include "engine/error.h"
#include "node/statement/senml.h"
#include "tests/cli/run_salus.h"
#include "tests/support/places.h"

namespace salus::test {
namespace {

using cli::simulate::MadeUpPacks;
using cli::simulate::parse_recording;
using cli::simulate::RecordedPacks;
using cli::simulate::Recording;
using testing::ElementsAre;

TEST(Recording, IsAValueALine) {
  const Recording recording = parse_recording("530\n518\r\n-5.5\n", 100);
  EXPECT_EQ(recording.hertz, 100);
  EXPECT_THAT(recording.samples, ElementsAre(530, 518, -5.5));
}

TEST(Recording, TakesItsRateFromItsTimes) {
  const Recording recording = parse_recording("timer,hr\n0.0,515\n8.5,514\n17.0,513\n", 0);
  EXPECT_NEAR(recording.hertz, 1000 / 8.5, 1e-9);
  EXPECT_THAT(recording.samples, ElementsAre(515, 514, 513));
}

TEST(Recording, RefusesWhatIsNone) {
  for (const char* csv : {"", "1\n", "1\n2\nthree\n", "a\nb\n", "1\n2,3\n", "1,2,3\n1,2,3\n",
                          "1\nnan\n", "1\ninf\n", "5,1\n5,2\n", "9,1\n5,2\n"})
    EXPECT_THROW(parse_recording(csv, 0), Error) << csv;
  EXPECT_THROW(parse_recording("1\n2\n", 0), Error);         // no rate
  EXPECT_THROW(parse_recording("0,1\n10,2\n", 100), Error);  // two
}

TEST(Recording, OfTheDemoIsTheOneThatItsReadmeNames) {
  const Recording recording =
      parse_recording(read_text(source_file("data/demo/pulse/heartpy_data.csv")), 100);
  EXPECT_EQ(recording.samples.size(), 2483U);
  EXPECT_EQ(recording.samples.front(), 530);
}

TEST(Packs, HaveTheSamplesOfTheRecordingAtTheirTimes) {
  Recording recording{.hertz = 100, .samples = {}};
  for (int i = 0; i < 1000; ++i) recording.samples.push_back(i);
  const RecordedPacks packs(recording, 1.5);
  EXPECT_EQ(packs.samples_in_pack(), 150U);
  std::vector<std::uint8_t> payload;
  packs.make(0, 1, 1'700'000'000, payload);
  const auto read = node::resolve_senml(payload, 0);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 150U);
  for (std::size_t i = 0; i < read->size(); ++i) {
    const node::SenmlMeasurement& measurement = (*read)[i];
    EXPECT_EQ(measurement.name, "urn:dev:org:0-salus:virtual-000000:");
    EXPECT_EQ(std::get<double>(measurement.value), static_cast<double>(150 + i));
    EXPECT_NEAR(measurement.time, 1'700'000'000 + static_cast<double>(i) / 100, 1e-6);
  }
}

TEST(Packs, BeginElsewhereForEachDeviceAndGoRound) {
  Recording recording{.hertz = 10, .samples = {}};
  for (int i = 0; i < 100; ++i) recording.samples.push_back(i);
  const RecordedPacks packs(recording, 1);
  const auto first_of = [&](std::size_t device, std::uint64_t number) {
    std::vector<std::uint8_t> payload;
    packs.make(device, number, 1'700'000'000, payload);
    return std::get<double>(node::resolve_senml(payload, 0)->front().value);
  };
  EXPECT_EQ(first_of(0, 0), 0);
  EXPECT_EQ(first_of(0, 10), 0);
  EXPECT_EQ(first_of(1, 0), 61);  // 0.618 of 100
  EXPECT_EQ(first_of(2, 0), 23);
}

TEST(Packs, RefuseWhatFitsNoStatement) {
  const Recording recording{.hertz = 1000, .samples = {1, 2}};
  EXPECT_THROW(RecordedPacks(recording, 10), Error);
  EXPECT_THROW(RecordedPacks(recording, 0.0001), Error);
}

TEST(Packs, OfVitalSignsAreValid) {
  std::vector<std::uint8_t> payload;
  MadeUpPacks().make(7, 3, 1'700'000'000, payload);
  const auto read = node::resolve_senml(payload, 0);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size(), 4U);
  EXPECT_EQ(read->front().name, "urn:dev:org:0-salus:virtual-000007:hr");
}

TEST(Fleet, HasTheSameKeysForTheSameSeed) {
  using cli::simulate::make_fleet;
  const auto fleet = make_fleet({.devices = 10, .p256_share = 0.3, .seed = 5, .keys_folder = {}});
  const auto again = make_fleet({.devices = 10, .p256_share = 0.3, .seed = 5, .keys_folder = {}});
  const auto other = make_fleet({.devices = 10, .p256_share = 0.3, .seed = 6, .keys_folder = {}});
  int p256 = 0;
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    EXPECT_EQ(fleet[i].id(), again[i].id());
    EXPECT_NE(fleet[i].id(), other[i].id());
    if (fleet[i].algorithm() == node::Algorithm::p256) ++p256;
  }
  EXPECT_EQ(p256, 3);
}

}  // namespace
}  // namespace salus::test
