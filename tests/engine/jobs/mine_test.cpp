// The search for a header: order, hits, ends and devices that lie about it.
#include <gtest/gtest.h>

#include "engine/engine.h"
#include "engine/error.h"
#include "engine/jobs/search_space.h"
#include "fake_device.h"

namespace salus::engine {
namespace {

using Faults = FakeDevice::Faults;

pow::Target target_with_zero_bits(unsigned bits) { return (~pow::Uint256()) >> bits; }

MineRequest request_with(unsigned zero_bits) {
  MineRequest request;
  request.header.version = 0x20000000;
  request.header.time = 1700000000;
  request.target = target_with_zero_bits(zero_bits);
  return request;
}

std::unique_ptr<Engine> engine_with(std::vector<std::shared_ptr<Faults>> faults,
                                    bool self_check = false) {
  std::vector<std::unique_ptr<Device>> devices;
  for (unsigned i = 0; i < faults.size(); ++i)
    devices.push_back(std::make_unique<FakeDevice>(i, faults[i]));
  EngineOptions options;
  options.self_check = self_check;
  return std::make_unique<Engine>(std::move(devices), options);
}

std::shared_ptr<Faults> healthy() { return std::make_shared<Faults>(); }

/// The first hit with the header's own version, by OpenSSL alone.
pow::Header first_hit(const MineRequest& request) {
  pow::Header header = request.header;
  for (header.nonce = request.nonce_begin; !pow::meets(header, request.target);) ++header.nonce;
  return header;
}

TEST(Mine, FindsTheFirstHitWhateverTheDevices) {
  const MineRequest request = request_with(18);
  const pow::Header expected = first_hit(request);
  for (const unsigned count : {1u, 2u, 3u}) {
    auto engine = engine_with(std::vector<std::shared_ptr<Faults>>(count, healthy()));
    const MineResult result = engine->mine(request);
    ASSERT_TRUE(result.header);
    EXPECT_EQ(*result.header, expected);
    EXPECT_GE(result.hashes, expected.nonce + 1u);
    EXPECT_FALSE(result.exhausted);
  }
}

TEST(Mine, ComparesAll256BitsNotOnlyTheMask) {
  MineRequest request = request_with(8);
  request.target = request.target - (request.target >> 1);  // half of what the mask lets through
  auto engine = engine_with({healthy()});
  for (int i = 0; i < 50; ++i) {
    ++request.header.time;
    const MineResult result = engine->mine(request);
    ASSERT_TRUE(result.header);
    EXPECT_EQ(*result.header, first_hit(request));
  }
}

TEST(Mine, EveryHeaderMeetsTheEasiestTarget) {
  MineRequest request = request_with(0);
  request.nonce_begin = 77;
  const MineResult result = engine_with({healthy()})->mine(request);
  ASSERT_TRUE(result.header);
  EXPECT_EQ(result.header->nonce, 77u);
}

TEST(Mine, GoesOnWithVersionsAndThenTimeWhenNoncesEnd) {
  MineRequest request = request_with(12);
  request.version_mask = 0x00006000;
  request.nonce_begin = 0xffffffff;
  request.header.time = 1700000000;
  request.time_max = request.header.time;
  SearchSpace space(request, 1 << 20, {});
  auto piece = space.take(0);
  ASSERT_TRUE(piece);
  EXPECT_EQ(piece->range.nonce_count, 1u);
  EXPECT_EQ(piece->range.version_count, 4u);
  EXPECT_EQ(piece->versions[3], 0x20006000u);
  EXPECT_FALSE(space.take(0)) << "four versions fit into one piece and time must stay";

  request.time_max = request.header.time + 1;
  SearchSpace longer(request, 1 << 20, {});
  ASSERT_TRUE(longer.take(0));
  piece = longer.take(0);
  ASSERT_TRUE(piece);
  EXPECT_EQ(piece->place.time, request.header.time + 1);
  EXPECT_EQ(piece->range.nonce_begin, 0u);
}

TEST(Mine, RollsOnIntoTheNextSecondAndSaysWhenAllIsSearched) {
  MineRequest request = request_with(255);  // nobody finds that
  request.nonce_begin = 0xfffff000;
  const MineResult result = engine_with({healthy(), healthy()})->mine(request);
  EXPECT_FALSE(result.header);
  EXPECT_TRUE(result.exhausted);
  EXPECT_EQ(result.hashes, 0x1000u);
}

TEST(Mine, StopsWhenAskedAndSaysWhereToGoOn) {
  const MineRequest request = request_with(255);
  std::stop_source stop;
  JobControl control{stop.get_token(), [&](std::uint64_t hashes, std::uint64_t) {
                       if (hashes > 100000) stop.request_stop();
                     }};
  const MineResult result = engine_with({healthy()})->mine(request, control);
  EXPECT_FALSE(result.header);
  EXPECT_FALSE(result.exhausted);
  EXPECT_GT(result.hashes, 100000u);
  EXPECT_EQ(result.next.nonce, result.hashes);
  EXPECT_EQ(result.next.time, request.header.time);
}

TEST(Mine, ADeviceThatInventsAHitIsDroppedAndItsRangeSearchedByTheOthers) {
  const MineRequest request = request_with(16);
  auto liar = healthy();
  liar->invents_hits = true;
  auto engine = engine_with({liar, healthy()});
  const MineResult result = engine->mine(request);
  ASSERT_TRUE(result.header);
  EXPECT_EQ(*result.header, first_hit(request));
}

TEST(Mine, SelfCheckDropsADeviceThatFindsNothing) {
  const MineRequest request = request_with(16);
  auto blind = healthy();
  blind->finds_nothing = true;
  auto engine = engine_with({blind, healthy()}, true);
  const MineResult result = engine->mine(request);
  ASSERT_TRUE(result.header);
  EXPECT_EQ(*result.header, first_hit(request));
}

TEST(Mine, ADeviceLostInTheMiddleLosesNoNonces) {
  const MineRequest request = request_with(20);
  auto lost = healthy();
  lost->before = [](int call) {
    if (call > 12) throw Error(ErrorKind::device, "device lost");
  };
  const MineResult result = engine_with({healthy(), lost})->mine(request);
  ASSERT_TRUE(result.header);
  EXPECT_EQ(*result.header, first_hit(request));
}

TEST(SearchSpace, VersionsCountUpFromTheHeadersOwnAndWrap) {
  MineRequest request = request_with(255);
  request.version_mask = 0x1fffe000;
  request.header.version = 0x20000000 | 0x1fffe000;  // the last of them
  SearchSpace space(request, 1 << 20, {});
  const auto piece = space.take(0);
  ASSERT_TRUE(piece);
  EXPECT_EQ(piece->range.version_count, 8u);
  EXPECT_EQ(piece->versions[0], 0x3fffe000u);
  EXPECT_EQ(piece->versions[1], 0x20000000u);
  EXPECT_EQ(piece->versions[2], 0x20002000u);
}

TEST(SearchSpace, AnEarlierHitReportedLaterWins) {
  MineRequest request = request_with(255);
  SearchSpace space(request, 1 << 20, {});
  const auto early = space.take(10);
  const auto late = space.take(10);
  pow::Header header = request.header;
  header.nonce = 15;
  space.report(*late, header);
  space.finish(*late);
  EXPECT_FALSE(space.winner()) << "the early piece may still hold a hit";
  EXPECT_FALSE(space.take(10)) << "nothing after a hit is worth searching";
  header.nonce = 3;
  space.report(*early, header);
  space.finish(*early);
  ASSERT_TRUE(space.winner());
  EXPECT_EQ(space.winner()->nonce, 3u);
}

TEST(SearchSpace, APieceGivenBackIsHandedOutAgain) {
  SearchSpace space(request_with(255), 1 << 20, {});
  const auto first = space.take(10);
  const auto second = space.take(10);
  space.finish(*second);
  space.give_back(*first);
  EXPECT_EQ(space.next_untried().nonce, 0u);
  const auto again = space.take(10);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->place, first->place);
  EXPECT_EQ(again->range.nonce_begin, 0u);
}

TEST(SearchSpace, AFastDevicesPieceIsCutForASlowOne) {
  SearchSpace space(request_with(255), 1 << 20, {});
  const auto large = space.take(1000);
  space.give_back(*large);
  std::uint64_t covered = 0;
  while (covered < 1000) {
    const auto part = space.take(300);
    ASSERT_TRUE(part);
    EXPECT_EQ(part->place.nonce, covered);
    EXPECT_LE(part->range.nonce_count, 300u);
    covered += part->range.nonce_count;
    space.finish(*part);
  }
  EXPECT_EQ(covered, 1000u);
  EXPECT_EQ(space.next_untried().nonce, 1000u);
}

}  // namespace
}  // namespace salus::engine
