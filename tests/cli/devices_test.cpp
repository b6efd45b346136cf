// `salus devices`: the CPU is always there, and absent backends are explained.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/run_salus.h"

namespace salus::test {
namespace {

using testing::HasSubstr;

TEST(Devices, ListsTheCpuWithAKernelForEachJob) {
  const RunResult result = run_salus({"devices"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  for (const char* const text : {"cpu", "mine", "hash", "merkle", "verify", "ed25519 ", "p256 "})
    EXPECT_THAT(result.out, HasSubstr(text));
}

TEST(Devices, PrintsJson) {
  const RunResult result = run_salus({"devices", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  const auto& cpu = json.at("devices").at(0);
  EXPECT_EQ(cpu.at("id"), "cpu");
  EXPECT_TRUE(cpu.at("usable"));
  EXPECT_EQ(cpu.at("kernels").size(), 6);  // verification has one for each of three parts
  EXPECT_GE(cpu.at("compute_units"), 1);
  EXPECT_EQ(json.at("backends").size(), 3);
}

TEST(Devices, SaysWhyABackendIsMissing) {
  const auto json = nlohmann::json::parse(run_salus({"devices", "--json"}).out);
  for (const auto& backend : json.at("backends")) {
    if (backend.at("available")) continue;
    EXPECT_NE(backend.at("detail"), "") << backend.dump();
  }
}

}  // namespace
}  // namespace salus::test
