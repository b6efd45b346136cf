// A seal on disk: what is handed out follows from SHA256SUMS, or it is said what is damaged.
#include "trial/seal/seal_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <functional>

#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "tests/support/random_data.h"
#include "tests/trial/study.h"
#include "trial/seal/sums.h"

namespace salus::trial {
namespace {

namespace fs = std::filesystem;

/// A study with small files and one of three chunks.
struct SealedStudy : test::Study {
  std::vector<std::uint8_t> large = test::random_bytes(2 * kChunkBytes + 5, 1);

  SealedStudy() {
    write("a.txt", "alpha");
    write("b/c.txt", "gamma");
    folder.write("study/large.bin", Bytes(large));
    seal();
  }

  void flip(const std::string& name, std::size_t offset) const {
    const std::string path = seal_path() + "/" + name;
    std::FILE* const file = std::fopen(path.c_str(), "r+");
    std::fseek(file, static_cast<long>(offset), SEEK_SET);
    const int byte = std::fgetc(file);
    std::fseek(file, static_cast<long>(offset), SEEK_SET);
    std::fputc(byte ^ 1, file);
    std::fclose(file);
  }
};

std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    return error.what();
  }
  return "";
}

TEST(SealFolder, GivesLinesTreeAndFiles) {
  const SealedStudy study;
  const SealFolder seal(study.seal_path());
  ASSERT_EQ(seal.size(), 8U);
  EXPECT_EQ(seal.entry(0), "# salus-trial-seal/1");
  EXPECT_EQ(seal.entry(4), to_hex(openssl_sha256(as_bytes("alpha"))) + "  a.txt");
  EXPECT_EQ(seal.tree().root(), seal.root());
  EXPECT_EQ(seal.find("b/c.txt")->entry, 5U);
  EXPECT_EQ(seal.find("b/c"), nullptr);
  EXPECT_EQ(seal.find("zzz"), nullptr);
  EXPECT_TRUE(seal.faults().empty());
}

TEST(SealFolder, ChunkLeavesAreHashesOfTheFilesPieces) {
  const SealedStudy study;
  const SealFolder seal(study.seal_path());
  const SealedFile& file = *seal.find("large.bin");
  ASSERT_TRUE(file.chunks);
  const std::vector<Digest> leaves = seal.chunk_leaves(file);
  ASSERT_EQ(leaves.size(), 3U);
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const Bytes chunk =
        Bytes(study.large)
            .subspan(i * kChunkBytes,
                     std::min<std::size_t>(kChunkBytes, study.large.size() - i * kChunkBytes));
    EXPECT_EQ(leaves[i], merkle::leaf_hash(merkle::TreeKind::rfc9162, chunk));
  }
  EXPECT_EQ(file.digest, openssl_sha256(study.large));
}

TEST(SealFolder, TellsAFlippedByteInChunks) {
  const SealedStudy study;
  study.flip("chunks", 40);
  const SealFolder seal(study.seal_path());
  const std::string fault = refusal([&] { (void)seal.chunk_leaves(*seal.find("large.bin")); });
  EXPECT_NE(fault.find("chunks: is damaged"), std::string::npos) << fault;
  ASSERT_EQ(seal.faults().size(), 1U);
  EXPECT_EQ(seal.faults()[0], fault);
}

TEST(SealFolder, TellsMissingAndWrongFiles) {
  const SealedStudy study;
  const SealFolder seal(study.seal_path());
  fs::resize_file(study.seal_path() + "/chunks", 95);
  EXPECT_EQ(seal.faults().size(), 1U);
  fs::resize_file(study.seal_path() + "/chunks", 128);
  EXPECT_EQ(seal.faults().size(), 1U);
  fs::remove(study.seal_path() + "/chunks");
  EXPECT_NE(seal.faults().at(0).find("chunks: is not there"), std::string::npos);
  study.folder.write("study.seal/records/7", "stray");
  EXPECT_NE(seal.faults().at(1).find("records/7: belongs to no line"), std::string::npos);
}

TEST(SealFolder, RefusesWhatIsNoSeal) {
  const SealedStudy study;
  EXPECT_NE(refusal([&] { SealFolder seal(study.data()); }).find("this is no seal"),
            std::string::npos);
  EXPECT_NE(refusal([&] { SealFolder seal(study.folder.path("none")); }).find("No such file"),
            std::string::npos);
  study.flip("SHA256SUMS", 2);
  EXPECT_NE(refusal([&] { SealFolder seal(study.seal_path()); }), "");
}

TEST(SealFolder, NeverWaitsForAPipeOrFollowsALink) {
  const SealedStudy study;
  const std::string sums = study.seal_path() + "/SHA256SUMS";
  fs::rename(sums, study.folder.path("elsewhere"));
  fs::create_symlink(study.folder.path("elsewhere"), sums);
  EXPECT_NE(refusal([&] { SealFolder seal(study.seal_path()); }).find("is a symbolic link"),
            std::string::npos);
  fs::remove(sums);
  ASSERT_EQ(mkfifo(sums.c_str(), 0600), 0);
  EXPECT_NE(refusal([&] { SealFolder seal(study.seal_path()); }).find("is no regular file"),
            std::string::npos);
}

TEST(SealFolder, PartsAreReplacedWholeAndReadUpToALimit) {
  const SealedStudy study;
  const SealFolder seal(study.seal_path());
  EXPECT_EQ(seal.part("checkpoint", 64), to_hex(seal.root()));
  EXPECT_EQ(seal.part("anchor.cbor", 64), std::nullopt);
  EXPECT_THROW((void)seal.part("checkpoint", 63), Error);
  write_part(study.seal_path(), "anchor.cbor", "first");
  write_part(study.seal_path(), "anchor.cbor", "second");
  EXPECT_EQ(seal.part("anchor.cbor", 64), "second");
  EXPECT_TRUE(seal.faults().empty());
}

/// Counts that a file cannot have do not decide how much memory is taken.
TEST(SealFolder, HugeCountsOfChunksAreRefused) {
  const SealedStudy study;
  std::string text(SealFolder(study.seal_path()).text());
  const std::string_view count = "1048576 3 ";
  text.replace(text.find(count), count.size(), "1048576 8796093022208 ");
  study.folder.write("study.seal/SHA256SUMS", text);
  const SealFolder seal(study.seal_path());
  EXPECT_NE(refusal([&] {
              (void)seal.chunk_leaves(*seal.find("large.bin"));
            }).find("is too short for SHA256SUMS"),
            std::string::npos);
}

}  // namespace
}  // namespace salus::trial
