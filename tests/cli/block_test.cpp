// `salus block verify` on real files, and on what is done to them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "tests/cli/run_salus.h"
#include "tests/support/places.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

const std::string kData = test_data("bitcoin/");

std::string content(const std::string& name) {
  std::ifstream file(kData + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

RunResult verify(std::vector<std::string> arguments, const std::string& stdin_text = "") {
  arguments.insert(arguments.begin(), {"block", "verify", "--device", "cpu"});
  RunOptions options;
  options.stdin_text = stdin_text;
  return run_salus(arguments, options);
}

TEST(BlockVerify, AcceptsRealBlocksAndHeaders) {
  const RunResult result = verify({kData + "block413567.raw", kData + "blocks1-256.dat",
                                   kData + "headers1-11.txt", kData + "testnet-segwit-block.raw"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_THAT(result.out, HasSubstr("block413567.raw: 1 block, 1557 transactions, "));
  EXPECT_THAT(result.out, HasSubstr("255 blocks, 262 transactions of mainnet, "));
  EXPECT_THAT(result.out, HasSubstr("headers1-11.txt: 11 headers, "));
  EXPECT_THAT(result.out, AllOf(HasSubstr("268 headers, 1834 transactions"), HasSubstr("all good"),
                                HasSubstr("headers/s, ")));
  EXPECT_EQ(line_count(result.out), 5U);
}

TEST(BlockVerify, ReadsStandardInput) {
  const RunResult result = verify({"-"}, content("headers1-11.txt"));
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, StartsWith("(stdin): 11 headers, "));
}

TEST(BlockVerify, QuietSaysNothingWhenAllIsGood) {
  const RunResult result = verify({"--quiet", kData + "block413567.raw"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, IsEmpty());
}

TEST(BlockVerify, NamesTheBlockThatFails) {
  const TemporaryFolder folder;
  std::string block = content("block413567.raw");
  block[500000] = static_cast<char>(block[500000] ^ 1);
  const std::string path = folder.write("changed.raw", block);
  const RunResult result = verify({"--quiet", path});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(
      result.out,
      StartsWith(path + ": block 0 (0000000000000000025aff8be8a55df8f89c77296db6198f272d6577325"
                        "d4069): Merkle root is "));
  EXPECT_EQ(line_count(result.out), 1U);
  EXPECT_THAT(result.err, IsEmpty());
}

TEST(BlockVerify, GoesOnBehindAFailure) {
  const TemporaryFolder folder;
  std::string headers = content("headers1-11.txt");
  headers[161 * 3 + 155] = headers[161 * 3 + 155] == '0' ? '1' : '0';  // the nonce of header 3
  const RunResult result = verify({folder.write("headers", headers), kData + "block413567.raw"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, AllOf(HasSubstr("headers: block 3 ("), HasSubstr("no proof of work")));
  EXPECT_THAT(result.out, AllOf(HasSubstr("headers: block 4 ("), HasSubstr("previous id ")));
  EXPECT_THAT(result.out, HasSubstr("block413567.raw: 1 block, 1557 transactions, "));
  EXPECT_THAT(result.out, HasSubstr("2 FAILED"));
}

TEST(BlockVerify, MissesABlock) {
  const TemporaryFolder folder;
  const std::string file = content("blocks1-256.dat");
  const std::size_t size = 8 + static_cast<unsigned char>(file[4]);
  ASSERT_EQ(file.substr(size, 4), file.substr(0, 4));
  const std::size_t third = size + 8 + static_cast<unsigned char>(file[size + 4]);
  const std::string path = folder.write("blk00000.dat", file.substr(0, size) + file.substr(third));
  EXPECT_THAT(verify({path}).out, AllOf(HasSubstr("block 1 ("), HasSubstr("none of the inputs")));
  EXPECT_EQ(verify({path}).exit_code, 1);
  EXPECT_EQ(verify({"--allow-gaps", path}).exit_code, 0);
}

TEST(BlockVerify, BadInputIsOneLineAndTheOtherFilesAreStillVerified) {
  const TemporaryFolder folder;
  const std::vector<std::pair<std::string, std::string>> bad = {
      {folder.path().string() + "/none", "No such file or directory"},
      {folder.path().string(), "Is a directory"},
      {folder.write("empty", ""), "empty"},
      {folder.write("header79", content("block413567.raw").substr(0, 79)),
       "79 bytes: a header has 80, a block at least 141"},
      {folder.write("odd", "012"), "line 1: an odd number of hex digits (3)"},
      {folder.write("text", "not a block at all\n"), "line 1: 'n' is no hex digit"},
      {folder.write("noise", std::string(3000, '\x9c')), "neither a block"},
  };
  for (const auto& [path, reason] : bad) {
    const RunResult result = verify({path, kData + "headers1-11.txt"});
    EXPECT_EQ(result.exit_code, 2) << path;
    EXPECT_THAT(result.err, AllOf(StartsWith("salus: " + path + ": "), HasSubstr(reason)));
    EXPECT_EQ(line_count(result.err), 1U);
    EXPECT_THAT(result.out, HasSubstr("headers1-11.txt: 11 headers"));
    EXPECT_THAT(result.out, HasSubstr("1 file not read"));
  }
}

TEST(BlockVerify, WritesJson) {
  const TemporaryFolder folder;
  std::string headers = content("headers1-11.txt");
  headers[150] = headers[150] == '0' ? '1' : '0';
  const RunResult result =
      verify({"--json", kData + "blocks1-256.dat", folder.write("headers", headers)});
  EXPECT_EQ(result.exit_code, 1);
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json.at("schema"), "salus.block-verify/1");
  EXPECT_EQ(json.at("good"), false);
  EXPECT_EQ(json.at("failure_count"), json.at("failures").size());
  EXPECT_EQ(json.at("failures").at(0).at("index"), 0);
  EXPECT_EQ(json.at("inputs").at(0).at("network"), "mainnet");
  EXPECT_EQ(json.at("inputs").at(0).at("headers"), 255);
  EXPECT_EQ(json.at("inputs").at(1).at("format"), "headers");
  EXPECT_GT(json.at("headers_per_second"), 0);
}

TEST(BlockVerify, NeedsAFile) {
  const RunResult result = verify({});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(line_count(result.err), 1U);
  EXPECT_THAT(result.out, Not(HasSubstr("good")));
}

}  // namespace
}  // namespace salus::test
