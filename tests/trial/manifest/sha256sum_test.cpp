#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/openssl_sha256.h"
#include "tests/trial/manifest/read_text.h"

namespace salus::test {
namespace {

using trial::ManifestFile;

TEST(Sha256sumManifest, IsReadInEveryStyle) {
  const auto manifest = read_manifest_text("# a comment\n" + kAbc + "  ./b/c\n" + kAbc +
                                           " *a\r\n\\" + kAbc + "  n\\nl\nSHA256 (t) = " + kAbc);
  EXPECT_EQ(manifest.kind, trial::ManifestKind::sha256sum);
  EXPECT_EQ(manifest.scope, "");
  const Digest digest = openssl_sha256(as_bytes("abc"));
  EXPECT_EQ(manifest.files,
            (std::vector<ManifestFile>{
                {"a", digest, {}}, {"b/c", digest, {}}, {"n\nl", digest, {}}, {"t", digest, {}}}));
}

TEST(Sha256sumManifest, NeverLeadsOutOfTheFolder) {
  for (const char* const name :
       {"../x", "a/../../x", "/etc/passwd", "/data/studyx", "/data/study/../x", "a//b", "./../x"})
    EXPECT_NE(manifest_failure(kAbc + "  " + name + "\n").find("is no path within the folder"),
              std::string::npos)
        << name;
}

TEST(Sha256sumManifest, NamesTheLineThatIsWrong) {
  EXPECT_EQ(manifest_failure(kAbc + "  a\nnonsense\n"),
            ": line 2: neither a digest with a name nor a comment");
  EXPECT_EQ(manifest_failure("# nothing\n"), ": line 1: no digest in it");
  EXPECT_EQ(manifest_failure(""), ": is empty");
  EXPECT_EQ(manifest_failure(std::string(70'000, 'x')), ": line 1: longer than 65536 bytes");
  std::string other = kAbc;
  other[0] = '0';
  EXPECT_EQ(manifest_failure(kAbc + "  a\n" + other + "  a\n"),
            ": a is there twice, with different digests");
  EXPECT_EQ(read_manifest_text(kAbc + "  a\n" + kAbc + "  ./a\n").files.size(), 1U);
}

TEST(Sha256sumManifest, IsWrittenAsSha256sumReadsIt) {
  const TemporaryFolder folder;
  std::vector<ManifestFile> files;
  for (const std::string name : {"plain", "back\\slash", "new\nline", "sub/\xff\xfe"}) {
    folder.write("data/" + name, name);
    files.push_back({name, openssl_sha256(as_bytes(name)), {}});
  }
  folder.write("m", trial::sha256sum_text(files));
  const std::string command =
      "cd '" + folder.path("data") + "' && sha256sum -c --strict --quiet ../m";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace salus::test
