// Files are taken in and compactions are installed one after the other.
#include "node/store/ingestion_gate.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <optional>
#include <string>

namespace salus::node {
namespace {

using namespace std::chrono_literals;

constexpr auto kMoment = 50ms;
constexpr auto kPatience = 10s;

class IngestionGateTest : public testing::Test {
 protected:
  void write(int job, const std::string& column = "runs") {
    rocksdb::SubcompactionJobInfo info;
    info.cf_name = column;
    info.job_id = job;
    gate_.OnSubcompactionCompleted(info);
  }
  void install(int job) {
    rocksdb::CompactionJobInfo info;
    info.cf_name = "runs";
    info.job_id = job;
    gate_.OnCompactionCompleted(nullptr, info);
  }
  std::future<void> begin_ingestion() {
    return std::async(std::launch::async, [this] { ingestion_.emplace(gate_); });
  }

  IngestionGate gate_{"runs"};
  std::optional<IngestionGate::Ingestion> ingestion_;
};

TEST_F(IngestionGateTest, AFileWaitsUntilWhatWasWrittenIsInstalled) {
  write(1);
  write(2);
  const auto begun = begin_ingestion();
  EXPECT_EQ(begun.wait_for(kMoment), std::future_status::timeout);
  install(2);
  EXPECT_EQ(begun.wait_for(kMoment), std::future_status::timeout);
  install(1);
  EXPECT_EQ(begun.wait_for(kPatience), std::future_status::ready);
}

TEST_F(IngestionGateTest, NothingIsInstalledWhileAFileIsTakenIn) {
  begin_ingestion().get();
  const auto written = std::async(std::launch::async, [this] { write(1); });
  EXPECT_EQ(written.wait_for(kMoment), std::future_status::timeout);
  ingestion_.reset();
  EXPECT_EQ(written.wait_for(kPatience), std::future_status::ready);
  install(1);
}

TEST_F(IngestionGateTest, OtherColumnsDoNotMatter) {
  write(1, "bodies");
  EXPECT_EQ(begin_ingestion().wait_for(kPatience), std::future_status::ready);
  const auto written = std::async(std::launch::async, [this] { write(2, "bodies"); });
  EXPECT_EQ(written.wait_for(kPatience), std::future_status::ready);
}

}  // namespace
}  // namespace salus::node
