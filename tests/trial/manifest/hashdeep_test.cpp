// Manifests that hashdeep 4.4 wrote, and ours as hashdeep audits them.
#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/openssl_sha256.h"
#include "tests/support/places.h"
#include "tests/trial/manifest/read_text.h"

namespace salus::test {
namespace {

using trial::ManifestFile;

TEST(HashdeepManifest, IsReadAsHashdeepWroteIt) {
  const std::vector<ManifestFile> expected = {{"a", openssl_sha256(as_bytes("abc")), 3},
                                              {"sub/b,c", openssl_sha256(as_bytes("x")), 1}};
  for (const char* const name : {"absolute.hashdeep", "relative.hashdeep"}) {
    const auto manifest =
        trial::read_manifest(salus::test::test_data("trial/manifest/") + name, "/somewhere/else");
    EXPECT_EQ(manifest.kind, trial::ManifestKind::hashdeep);
    EXPECT_EQ(manifest.files, expected) << name;
  }
}

TEST(HashdeepManifest, NamesTheLineThatIsWrong) {
  const std::string magic = "%%%% HASHDEEP-1.0\n";
  const std::string header = magic + "%%%% size,sha256,filename\n";
  EXPECT_EQ(manifest_failure(magic), ": line 1: hashdeep's columns are expected");
  EXPECT_EQ(manifest_failure(magic + "%%%% size,md5,filename\n"),
            ": line 2: no sha256 among its columns: run hashdeep -c sha256");
  EXPECT_EQ(manifest_failure(magic + "%%%% sha256,filename\n"),
            ": line 2: the first column is not size");
  EXPECT_EQ(manifest_failure(header + "3," + kAbc + "\n"), ": line 3: not a line of hashdeep");
  EXPECT_EQ(manifest_failure(header + "-3," + kAbc + ",a\n"), ": line 3: not a line of hashdeep");
  EXPECT_EQ(manifest_failure(header + "3,abc,a\n"), ": line 3: not a line of hashdeep");
  EXPECT_EQ(manifest_failure(header + "3," + kAbc + ",../a\n"),
            ": line 3: ../a is no path within the folder");
  EXPECT_EQ(manifest_failure(header + "3," + kAbc + ",/etc/passwd\n"),
            ": line 3: /etc/passwd is no path within the folder");
  EXPECT_EQ(manifest_failure(header), ": line 2: no file in it");
}

TEST(HashdeepManifest, IsWrittenAsHashdeepAuditsIt) {
  if (std::system("command -v hashdeep >/dev/null") != 0) GTEST_SKIP() << "no hashdeep here";
  const TemporaryFolder folder;
  std::vector<ManifestFile> files;
  for (const std::string name : {"plain", "a,comma", "sub/file"}) {
    folder.write("data/" + name, name);
    files.push_back({name, openssl_sha256(as_bytes(name)), name.size()});
  }
  folder.write("m", trial::hashdeep_text(files));
  const std::string audit =
      "cd '" + folder.path("data") + "' && hashdeep -a -l -k ../m -r . >/dev/null";
  EXPECT_EQ(std::system(audit.c_str()), 0);
  folder.write("data/plain", "changed");
  EXPECT_NE(std::system(audit.c_str()), 0);
}

TEST(HashdeepManifest, IsNotWrittenWithoutSizesOrWithLineFeeds) {
  EXPECT_THROW(trial::hashdeep_text(std::vector<ManifestFile>{{"a", {}, {}}}), Error);
  EXPECT_THROW(trial::hashdeep_text(std::vector<ManifestFile>{{"a\nb", {}, 1}}), Error);
}

}  // namespace
}  // namespace salus::test
