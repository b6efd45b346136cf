// The intake log while nothing goes wrong.
#include "node/store/intake_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "engine/error.h"
#include "tests/node/store/log_support.h"
#include "tests/support/temporary_folder.h"

namespace salus::node {
namespace {

using test::append;
using test::append_numbered;
using test::content;
using test::record_text;
using test::TemporaryFolder;

TEST(IntakeLog, GivesBackWhatWasAppended) {
  const TemporaryFolder folder;
  IntakeLog log(folder.path());
  EXPECT_EQ(append_numbered(log, 1, 3), 3U);
  EXPECT_EQ(append_numbered(log, 4, 1), 4U);
  log.wait_durable(4);
  EXPECT_EQ(log.durable_up_to(), 4U);
  EXPECT_EQ(log.state(4), Durability::durable);
  EXPECT_THAT(
      content(log),
      testing::ElementsAre(testing::Pair(1, record_text(1)), testing::Pair(2, record_text(2)),
                           testing::Pair(3, record_text(3)), testing::Pair(4, record_text(4))));
  EXPECT_THAT(content(log, 4), testing::ElementsAre(testing::Pair(4, record_text(4))));
  EXPECT_TRUE(content(log, 5).empty());
}

TEST(IntakeLog, GoesOnWhereItStoppedWhenItIsOpenedAgain) {
  const TemporaryFolder folder;
  for (Sequence round = 0; round < 5; ++round) {
    IntakeLog log(folder.path());
    EXPECT_FALSE(log.torn_tail());
    EXPECT_EQ(log.durable_up_to(), round * 10);
    EXPECT_EQ(content(log).size(), round * 10);
    EXPECT_EQ(append_numbered(log, round * 10 + 1, 10), (round + 1) * 10);  // The destructor syncs.
  }
  const IntakeLog log(folder.path());
  for (const auto& [at, text] : content(log)) EXPECT_EQ(text, record_text(at));
}

TEST(IntakeLog, KeepsTheOrderOfManyProducersBatches) {
  const TemporaryFolder folder;
  {
    IntakeLog log(folder.path(), {.segment_bytes = 20'000, .max_pending_bytes = 4'000});
    std::vector<std::jthread> producers;
    for (int producer = 0; producer < 4; ++producer) {
      producers.emplace_back([&log, producer] {
        for (int batch = 0; batch < 100; ++batch) {
          std::vector<std::string> texts;
          for (int i = 0; i < 5; ++i) {
            texts.push_back(std::to_string(producer) + ":" + std::to_string(batch * 5 + i));
          }
          const Sequence last = append(log, texts);
          log.wait_durable(last);
          EXPECT_GE(log.durable_up_to(), last);
        }
      });
    }
  }
  const IntakeLog log(folder.path());
  std::array<int, 4> next{};
  Sequence expected = 0;
  for (const auto& [at, text] : content(log)) {
    EXPECT_EQ(at, ++expected);
    const auto producer = static_cast<std::size_t>(text[0] - '0');
    EXPECT_EQ(text.substr(2), std::to_string(next[producer]++)) << at;
  }
  EXPECT_THAT(next, testing::Each(500));
}

TEST(IntakeLog, ReleasesWholeFilesAndNeverTheNewest) {
  const TemporaryFolder folder;
  const IntakeLogOptions small{.segment_bytes = 1'000};
  {
    IntakeLog log(folder.path(), small);
    for (Sequence at = 1; at <= 100; ++at) log.wait_durable(append_numbered(log, at, 1));
    const std::size_t before = log.stats().segments;
    EXPECT_GT(before, 3U);
    log.release(50);
    EXPECT_LT(log.stats().segments, before);
    EXPECT_LE(content(log).begin()->first, 51U);
    EXPECT_EQ(content(log, 51).size(), 50U);
    log.release(100);
    EXPECT_EQ(log.stats().segments, 1U);
  }
  IntakeLog log(folder.path(), small);
  EXPECT_EQ(log.durable_up_to(), 100U);
  EXPECT_EQ(append_numbered(log, 101, 1), 101U);
}

TEST(IntakeLog, TakesBatchesThatAreLongerThanAFile) {
  const TemporaryFolder folder;
  const IntakeLogOptions small{.segment_bytes = 1'000, .max_pending_bytes = 100};
  {
    IntakeLog log(folder.path(), small);
    log.wait_durable(append_numbered(log, 1, 500));
    log.wait_durable(append_numbered(log, 501, 1));
    log.wait_durable(append_numbered(log, 502, 500));
  }
  const IntakeLog log(folder.path(), small);
  const auto records = content(log);
  EXPECT_EQ(records.size(), 1001U);
  for (const auto& [at, text] : records) EXPECT_EQ(text, record_text(at));
}

TEST(IntakeLog, IsCopiedWhileItIsWritten) {
  const TemporaryFolder folder;
  const IntakeLogOptions small{.segment_bytes = 2'000};
  IntakeLog log(folder.path() / "log", small);
  log.wait_durable(append_numbered(log, 1, 1));
  std::jthread producer([&](const std::stop_token& stop) {
    for (Sequence at = 2; !stop.stop_requested(); ++at)
      log.wait_durable(append_numbered(log, at, 1));
  });
  Sequence before = 0;
  while (before < 100) before = log.durable_up_to();
  log.release(40);
  log.copy_to(folder.path() / "copy");
  EXPECT_THROW(log.copy_to(folder.path() / "copy"), Error);
  const Sequence after = log.durable_up_to();
  producer.request_stop();

  const IntakeLog copy(folder.path() / "copy", small);
  EXPECT_FALSE(copy.torn_tail());
  EXPECT_GE(copy.durable_up_to(), before);
  EXPECT_LE(copy.durable_up_to(), after);
  const auto records = content(copy, 41);
  EXPECT_EQ(records.size(), copy.durable_up_to() - 40);
  for (const auto& [at, text] : records) EXPECT_EQ(text, record_text(at));
}

TEST(IntakeLog, RefusesRecordsThatAreEmptyOrTooLong) {
  const TemporaryFolder folder;
  IntakeLog log(folder.path());
  const std::vector<std::string> with_empty = {"good", ""};
  EXPECT_THROW(append(log, with_empty), Error);
  const std::vector<std::string> too_long = {std::string(IntakeLog::kMaxRecordBytes + 1, 'x')};
  EXPECT_THROW(append(log, too_long), Error);
  const std::vector<std::string> longest = {std::string(IntakeLog::kMaxRecordBytes, 'x')};
  log.wait_durable(append(log, longest));
  EXPECT_EQ(content(log), (std::map<Sequence, std::string>{{1, longest[0]}}));
}

TEST(IntakeLog, DoesNotWaitForWhatNobodyAppended) {
  const TemporaryFolder folder;
  IntakeLog log(folder.path());
  EXPECT_THROW(log.wait_durable(1), Error);
  EXPECT_EQ(append(log, {}), 0U);
  log.wait_durable(0);
}

TEST(IntakeLog, IsOpenOnce) {
  const TemporaryFolder folder;
  const IntakeLog log(folder.path());
  try {
    const IntakeLog second(folder.path());
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(),
                testing::HasSubstr("is in use by process " + std::to_string(getpid())));
  }
}

}  // namespace
}  // namespace salus::node
