// `salus merkle`: roots against published ones, proofs there and back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/merkle_entries.h"
#include "tests/cli/run_salus.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

RunResult merkle(std::vector<std::string> arguments, const std::string& stdin_text = "") {
  arguments.insert(arguments.begin(), "merkle");
  if (arguments[1] != "verify") arguments.insert(arguments.begin() + 2, {"--device", "cpu"});
  RunOptions options;
  options.stdin_text = stdin_text;
  return run_salus(arguments, options);
}

std::string root(std::vector<std::string> arguments, const std::string& stdin_text = "") {
  arguments.insert(arguments.begin(), "root");
  const RunResult result = merkle(std::move(arguments), stdin_text);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(line_count(result.out), 1U);
  return result.out.substr(0, result.out.find('\n'));
}

// The root over the first entries of Certificate Transparency's published tree, which are files
// here:
// "", 00, 10, 2021, 3031, 40414243, 5051..57, 6061..6f.
TEST(MerkleRoot, OverFilesIsThePublishedOne) {
  const TemporaryFolder folder;
  const std::vector<std::string> entries = {
      "",
      std::string(1, '\0'),
      "\x10",
      "\x20\x21",
      "\x30\x31",
      "\x40\x41\x42\x43",
      "\x50\x51\x52\x53\x54\x55\x56\x57",
      "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
  std::vector<std::string> arguments = {"--files"};
  for (std::size_t i = 0; i < entries.size(); ++i)
    arguments.push_back(folder.write(std::to_string(i), entries[i]));
  EXPECT_EQ(root(arguments), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST(MerkleRoot, OverNothingIsTheHashOfNothing) {
  EXPECT_EQ(root({}, ""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const RunResult result = merkle({"root", "--tree", "bitcoin"}, "");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, StartsWith("salus: "));
}

TEST(MerkleRoot, TakesLinesFromFilesAndStandardInputAlike) {
  const TemporaryFolder folder;
  const std::string all = root({}, "a\nb\n\nc\n");
  EXPECT_EQ(root({}, "a\nb\n\nc"), all);
  EXPECT_EQ(root({folder.write("1", "a\nb\n"), folder.write("2", "\nc\n")}), all);
  EXPECT_NE(root({}, "a\nb\nc\n"), all);
  // One line is one leaf: SHA-256(0x00 || "a").
  EXPECT_EQ(root({}, "a\n"), "022a6979e6dab7aa5ae4c3e5e45f7e977112a7e63593820dbec1ec738a24f93c");
}

// Mainnet block 170.
TEST(MerkleRoot, OfABitcoinBlockIsOverItsTransactionIds) {
  const std::string ids =
      "b1fea52486ce0c62bb442b530a3f0132b826c74e473d1f2c220bfa78111c5082\n"
      "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16  payment\n";
  EXPECT_EQ(root({"--digests", "--tree", "bitcoin"}, ids),
            "7dac2c5666815c17a3b36427de37bb9d2e2c5ccec3f8633eb91a4205cb4c10ff");
  EXPECT_NE(root({"--digests"}, ids), root({"--digests", "--tree", "bitcoin"}, ids));
}

TEST(MerkleRoot, RefusesDigestsThatAreNone) {
  const std::string digest(64, 'a');
  for (const std::string& line :
       {std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'g'), std::string()}) {
    const RunResult result = merkle({"root", "--digests"}, digest + "\n" + line + "\n");
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.err, "salus: (stdin): line 2: not 64 hex digits\n");
  }
}

TEST(MerkleRoot, RefusesOtherTreesInOneLine) {
  const RunResult result = merkle({"root", "--tree", "oak"}, "a\n");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err,
            "salus: --tree: oak not in {rfc9162,bitcoin} (see `salus merkle root --help`)\n");
}

TEST(MerkleRoot, NamesAnInputThatIsNotThere) {
  const RunResult result = merkle({"root", "/nonexistent"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "salus: /nonexistent: cannot open: No such file or directory\n");
  EXPECT_THAT(result.out, IsEmpty());
}

class MerkleProof : public testing::Test {
 protected:
  TemporaryFolder folder;
  std::string lines = [] {
    std::string out;
    for (int i = 0; i < 11; ++i) out += "entry " + std::to_string(i) + "\n";
    return out;
  }();
  std::string whole = root({}, lines);

  std::string proof(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "prove");
    const RunResult result = merkle(std::move(arguments), lines);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  }
  /// Exit code and output of a check of `text`.
  static RunResult check(const std::string& text, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "verify");
    return merkle(std::move(arguments), text);
  }
};

TEST_F(MerkleProof, OfInclusionHoldsForItsEntryAndRootOnly) {
  for (const char* tree : {"rfc9162", "bitcoin"}) {
    whole = root({"--tree", tree}, lines);
    for (const int i : {0, 5, 10}) {
      const std::string text = proof({"--tree", tree, "--index", std::to_string(i)});
      const std::string entry = "entry " + std::to_string(i);
      EXPECT_EQ(check(text, {"--root", whole, "--entry", entry}).exit_code, 0) << tree << i;
      const RunResult other = check(text, {"--root", whole, "--entry", "entry 3"});
      EXPECT_EQ(other.exit_code, 1);
      EXPECT_THAT(other.out, StartsWith("FAILED: the entry's leaf is "));
      EXPECT_THAT(check(text, {"--root", std::string(64, 'a')}).out,
                  StartsWith("FAILED: the proof is for root "));
      auto moved = nlohmann::json::parse(text);
      moved["index"] = (i + 1) % 11;
      EXPECT_EQ(check(moved.dump(), {"--root", whole}).out,
                "FAILED: the path does not lead from the leaf to the root\n");
    }
  }
}

TEST_F(MerkleProof, TakesTheEntryFromAFile) {
  const std::string text = proof({"--index", "4"});
  EXPECT_EQ(check(text, {"--root", whole, "--entry-file", folder.write("e", "entry 4")}).exit_code,
            0);
  EXPECT_EQ(
      check(text, {"--root", whole, "--entry-file", folder.write("e", "entry 4\n")}).exit_code, 1);
  EXPECT_EQ(check(text, {"--root", whole, "--entry", "", "--entry-file", "x"}).exit_code, 2);
}

TEST_F(MerkleProof, OfConsistencyHoldsForBothRoots) {
  for (const std::size_t size : {1U, 4U, 7U, 11U}) {
    const std::string old_root = root({}, lines.substr(0, size * 8));
    const std::string text = proof({"--from", std::to_string(size)});
    const RunResult good = check(text, {"--root", whole, "--old-root", old_root});
    if (size < 10) {
      EXPECT_EQ(good.exit_code, 0) << good.out;
    }
    EXPECT_EQ(check(text, {"--root", whole, "--old-root", std::string(64, '0')}).exit_code, 1);
    EXPECT_EQ(check(text, {"--root", whole}).exit_code, 2);
  }
}

TEST_F(MerkleProof, OfWhatIsNotThereIsNotMade) {
  EXPECT_EQ(merkle({"prove", "--index", "11"}, lines).err, "salus: no leaf 11 in a tree of 11\n");
  EXPECT_EQ(merkle({"prove", "--from", "12"}, lines).exit_code, 2);
  EXPECT_EQ(merkle({"prove", "--tree", "bitcoin", "--from", "3"}, lines).exit_code, 2);
  EXPECT_EQ(merkle({"prove", "--index", "-1"}, lines).err,
            "salus: --index: '-1' is no number that fits\n");
  EXPECT_EQ(merkle({"prove", "--from", "3 lines"}, lines).err,
            "salus: --from: '3 lines' is no number that fits\n");
  EXPECT_EQ(merkle({"prove"}, lines).exit_code, 2);
  EXPECT_EQ(merkle({"prove", "--quiet", "--index", "1"}, lines).exit_code, 0);
  EXPECT_EQ(merkle({"prove", "--index", "1", "--from", "1"}, lines).exit_code, 2);
}

TEST_F(MerkleProof, ThatIsNoneIsAnInputError) {
  const std::string good = proof({"--index", "1"});
  for (const std::string& text :
       {std::string(), std::string("{}"), good.substr(0, 100), std::string(100000, ' ')}) {
    const RunResult result = check(text, {"--root", whole});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(line_count(result.err), 1U);
    EXPECT_THAT(result.err, StartsWith("salus: "));
  }
  EXPECT_EQ(check(good, {"--root", "12"}).exit_code, 2);
  EXPECT_EQ(check(good, {}).exit_code, 2);
}

TEST(ForEachLine, CutsAtLineEndsWhereverPiecesEnd) {
  std::string text(700000, 'x');
  text[300000] = text[300001] = text[699999] = '\n';
  MemorySource source(as_bytes(text));
  std::vector<std::size_t> lengths;
  cli::for_each_line(source, [&](std::string_view line) { lengths.push_back(line.size()); });
  EXPECT_THAT(lengths, ElementsAre(300000, 0, 399997));
}

}  // namespace
}  // namespace salus::test
