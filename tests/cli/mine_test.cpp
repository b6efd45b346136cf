// `salus mine`: known nonces, bad arguments, Ctrl-C.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "cli/engine_options.h"
#include "engine/bytes.h"
#include "engine/openssl_sha256.h"
#include "tests/cli/run_salus.h"

namespace salus::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

// Bitcoin's genesis block without its nonce, which is 2083236893 (7c2bac1d).
const std::string kGenesisTemplate =
    "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac7"
    "2c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d00000000";
const std::string kGenesisId = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";

std::vector<std::string> mine(std::vector<std::string> more,
                              const std::string& header = kGenesisTemplate) {
  std::vector<std::string> arguments = {"mine", "--device", "cpu", "--header", header};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST(Mine, FindsTheNonceOfBitcoinsGenesisBlock) {
  const RunResult result = run_salus(mine({"--nonce-begin", "7c2b0000"}));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("nonce   7c2bac1d\n"));
  EXPECT_THAT(result.out, HasSubstr(kGenesisId));
  EXPECT_THAT(result.err, IsEmpty());
}

TEST(Mine, PrintsJson) {
  const RunResult result = run_salus(mine({"--json", "--bits", "1f00ffff"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_TRUE(json.at("found"));
  const auto header = from_hex(json.at("header").get<std::string>());
  ASSERT_TRUE(header);
  EXPECT_EQ(json.at("id"), to_hex_reversed(openssl_sha256d(*header)));
  EXPECT_THAT(json.at("id"), StartsWith("0000"));
}

TEST(Mine, ChecksDevicesWhenAskedTo) {
  EXPECT_FALSE(cli::engine_options(cli::Global()).self_check);
  cli::Global global;
  global.self_check = true;
  EXPECT_TRUE(cli::engine_options(global).self_check);
  EXPECT_EQ(run_salus(mine({"--self-check", "--bits", "207fffff"})).exit_code, 0);
}

TEST(Mine, SaysThatNothingMeetsTheTarget) {
  const RunResult result = run_salus(mine({"--nonce-begin", "fffffff0"}));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("no header in the search space meets the target"));
}

TEST(Mine, CtrlCStopsAndSaysWhereToGoOn) {
  RunOptions options;
  options.signal = SIGINT;
  options.signal_after = "mine ";  // --verbose has printed who mines: the search begins
  const RunResult result =
      run_salus(mine({"--verbose", "--bits", "17000001", "--version-mask", "1fffe000"}), options);
  EXPECT_EQ(result.exit_code, 128 + SIGINT);
  EXPECT_THAT(result.out, StartsWith("stopped after "));
  EXPECT_THAT(result.out, HasSubstr("go on with: salus mine --header 0"));
  EXPECT_THAT(result.out, HasSubstr("--version-mask 1fffe000"));
}

struct BadArgument {
  std::vector<std::string> arguments;
  std::string complaint;
};

void PrintTo(const BadArgument& bad, std::ostream* out) {
  *out << testing::PrintToString(bad.arguments);
}

class MineRefuses : public testing::TestWithParam<BadArgument> {};

TEST_P(MineRefuses, InOneLine) {
  const RunResult result = run_salus(GetParam().arguments);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(line_count(result.err), 1) << result.err;
  EXPECT_THAT(result.err, StartsWith("salus: "));
  EXPECT_THAT(result.err, HasSubstr(GetParam().complaint));
  EXPECT_THAT(result.out, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    BadArguments, MineRefuses,
    testing::Values(
        BadArgument{{"mine"}, "--header is required"},
        BadArgument{mine({}, kGenesisTemplate.substr(2)), "has 80 bytes, this one has 79"},
        BadArgument{mine({}, kGenesisTemplate + "00"), "has 80 bytes, this one has 81"},
        BadArgument{mine({}, kGenesisTemplate.substr(1)), "odd number of hex digits"},
        BadArgument{mine({}, "zz" + kGenesisTemplate.substr(2)), "is not hex"},
        BadArgument{mine({}, ""), "--header"},
        BadArgument{mine({"--bits", "0"}), "bits 00000000 are no target: zero"},
        BadArgument{mine({"--bits", "01fedcba"}), "bits 01fedcba are no target: negative"},
        BadArgument{mine({"--bits", "ff123456"}), "bits ff123456 are no target: overflow"},
        BadArgument{mine({"--bits", "-5"}), "'-5' is not a number of 1 to 8 hex digits"},
        BadArgument{mine({"--bits", "1d00ffff0"}), "'1d00ffff0'"},
        BadArgument{mine({"--version-mask", "x"}), "--version-mask: 'x'"},
        BadArgument{mine({"--threads", "0"}), "--threads"},
        BadArgument{mine({"--cpu-variant", "mmx"}), "mmx"},
        BadArgument{{"mine", "--header", kGenesisTemplate, "--device", "cuda:x"}, "cuda:x"},
        BadArgument{{"mine", "--header", kGenesisTemplate, "--device", "cuda:99"}, "cuda:99"},
        BadArgument{{"mine", "--header", kGenesisTemplate, "--device", "opencl:99"}, "opencl:99"},
        BadArgument{{"mine", "--header", kGenesisTemplate, "--device", ""}, "--device"},
        BadArgument{mine({"--no-such-option"}), "--no-such-option"}));

}  // namespace
}  // namespace salus::test
