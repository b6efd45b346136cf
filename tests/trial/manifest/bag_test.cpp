#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "engine/openssl_sha256.h"
#include "tests/support/places.h"
#include "tests/trial/manifest/read_text.h"
#include "trial/manifest/bag.h"
#include "trial/manifest/manifest_check.h"

namespace salus::test {
namespace {

namespace fs = std::filesystem;
using trial::ManifestFile;

constexpr const char* kDeclaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

std::vector<ManifestFile> sample(const TemporaryFolder& folder) {
  std::vector<ManifestFile> files;
  for (const std::string name : {"a", "new\nline%", "sub/b c"}) {
    folder.write("study/" + name, name);
    files.push_back({name, openssl_sha256(as_bytes(name)), {}});
  }
  return files;
}

TEST(Bag, IsReadBackAsItWasWritten) {
  const TemporaryFolder folder;
  const auto files = sample(folder);
  trial::write_bag(files, folder.path("study"), folder.path("bag"), "salus-trial/study");
  const auto bag = trial::read_manifest(folder.path("bag"), folder.path("bag"));
  EXPECT_EQ(bag.kind, trial::ManifestKind::bagit);
  EXPECT_EQ(bag.scope, "data/");
  std::vector<std::string> paths;
  for (const ManifestFile& file : bag.files) paths.push_back(file.path);
  EXPECT_EQ(paths,
            (std::vector<std::string>{"bag-info.txt", "bagit.txt", "data/a", "data/new\nline%",
                                      "data/sub/b c", "manifest-sha256.txt"}));
  EXPECT_EQ(bag.files[2].digest, files[0].digest);
  // Lines of a bag's manifest are sha256sum's, but for what is percent-encoded.
  const std::string check = "cd '" + folder.path("bag") +
                            "' && sha256sum -c --strict --quiet tagmanifest-sha256.txt && "
                            "grep -v %25 manifest-sha256.txt | sha256sum -c --strict --quiet && "
                            "grep -q 'Payload-Oxum: 17.3' bag-info.txt";
  EXPECT_EQ(std::system(check.c_str()), 0);
}

/// Its names have a blank and a percent sign, its digests are SHA-256 and SHA-512.
TEST(Bag, OfAnotherProgramIsVerified) {
  const TemporaryFolder folder;
  const fs::path bag = folder.path("bag");
  fs::copy(test_data("trial/manifest/bag"), bag, fs::copy_options::recursive);
  const auto differing = [&] {
    std::map<std::string, trial::Outcome> out;
    trial::verify_manifest(bag, trial::read_manifest(bag, bag), bag,
                           [&](const trial::Finding& finding) {
                             if (finding.outcome != trial::Outcome::unchanged)
                               out[finding.path] = finding.outcome;
                           });
    return out;
  };
  EXPECT_TRUE(differing().empty());
  folder.write("bag/data/ae.csv", "other");
  fs::remove(bag / "data/sub dir/50%.txt");
  folder.write("bag/data/new", "n");
  folder.write("bag/manifest-sha512.txt", "damaged");
  using trial::Outcome;
  EXPECT_EQ(differing(),
            (std::map<std::string, Outcome>{{"data/ae.csv", Outcome::changed},
                                            {"data/new", Outcome::added},
                                            {"data/sub dir/50%.txt", Outcome::missing},
                                            {"manifest-sha512.txt", Outcome::changed}}));
}

TEST(Bag, LeavesNothingBehindWhenAFileIsNotAsSealed) {
  const TemporaryFolder folder;
  auto files = sample(folder);
  folder.write("study/a", "other");
  EXPECT_THROW(trial::write_bag(files, folder.path("study"), folder.path("bag"), "x"), Error);
  EXPECT_FALSE(fs::exists(folder.path("bag")));
  EXPECT_FALSE(fs::exists(folder.path("bag.partial")));
}

TEST(Bag, CopiesNothingFromOutsideTheStudy) {
  const TemporaryFolder folder;
  folder.write("secret", "s");
  fs::create_directory(folder.path("study"));
  fs::create_symlink("../secret", folder.path("study/link"));
  const std::vector<ManifestFile> files = {{"link", openssl_sha256(as_bytes("s")), {}}};
  EXPECT_THROW(trial::write_bag(files, folder.path("study"), folder.path("bag"), "x"), Error);
}

TEST(Bag, IsNotMadeOverAnotherOrWithNamesThatAreNoText) {
  const TemporaryFolder folder;
  const auto files = sample(folder);
  fs::create_directory(folder.path("bag"));
  EXPECT_THROW(trial::write_bag(files, folder.path("study"), folder.path("bag"), "x"), Error);
  EXPECT_THROW(trial::bag_manifest_text(std::vector<ManifestFile>{{"\xff", {}, {}}}), Error);
}

/// What is said of a bag with this manifest and tag manifest.
std::string failure(const std::string& manifest, const std::string& tags = "",
                    const std::string& info = "", const std::string& declaration = kDeclaration) {
  const TemporaryFolder folder;
  folder.write("bag/bagit.txt", declaration);
  folder.write("bag/manifest-sha256.txt", manifest);
  if (!tags.empty()) folder.write("bag/tagmanifest-sha256.txt", tags);
  if (!info.empty()) folder.write("bag/bag-info.txt", info);
  try {
    trial::read_manifest(folder.path("bag"), folder.path("bag"));
  } catch (const Error& error) {
    return std::string(error.what()).substr(folder.path("bag").size());
  }
  return "";
}

TEST(Bag, NamesWhatIsWrong) {
  EXPECT_EQ(failure(kAbc + "  data/a\n"), "");
  EXPECT_EQ(failure(kAbc + " *data/a\n", kAbc + "\tbagit.txt\n", "Payload-Oxum: 3.1\n"), "");
  EXPECT_EQ(failure(kAbc + "  a\n"),
            "/manifest-sha256.txt: line 1: a is no path of the bag's payload");
  EXPECT_EQ(failure(kAbc + "  data/../../a\n"),
            "/manifest-sha256.txt: line 1: data/../../a is no path of the bag's payload");
  EXPECT_EQ(failure(kAbc + "  /etc/passwd\n"),
            "/manifest-sha256.txt: line 1: /etc/passwd is no path of the bag's payload");
  EXPECT_EQ(failure(kAbc + "  data/a\n", kAbc + " data/a\n"),
            "/tagmanifest-sha256.txt: line 1: data/a is no path of the bag's tag files");
  EXPECT_EQ(failure("data/a\n"), "/manifest-sha256.txt: line 1: not a line of a bag's manifest");
  EXPECT_EQ(failure(kAbc + "  data/a\n", "", "Payload-Oxum: 3.2\n"),
            "/bag-info.txt: line 1: the manifest has 1 files");
  EXPECT_EQ(failure(kAbc + "  data/a\n" + kAbc + "  data/a\n", "", "Payload-Oxum: 3.1\n"), "");
  EXPECT_EQ(
      failure(kAbc + "  data/a\n" + std::string(64, '0') + "  data/a\n", "", "Payload-Oxum: 3.1\n"),
      ": data/a is there twice, with different digests");
  EXPECT_EQ(failure("", "", "", "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-16\n"),
            "/bagit.txt: line 2: names in it are not in UTF-8");
  EXPECT_EQ(failure("", "", "", "x\n"), "/bagit.txt: line 1: BagIt-Version is expected");
}

TEST(Bag, SaysWhenItsDigestsAreOfAnotherKind) {
  const TemporaryFolder folder;
  folder.write("bagit.txt", kDeclaration);
  folder.write("manifest-sha512.txt", "00  data/a\n");
  EXPECT_THROW(trial::read_manifest(folder.path(), folder.path()), Error);
}

}  // namespace
}  // namespace salus::test
