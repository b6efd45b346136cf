#include "trial/manifest/manifest_check.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "engine/openssl_sha256.h"
#include "tests/support/temporary_folder.h"
#include "trial/manifest/bag.h"

namespace salus::test {
namespace {

namespace fs = std::filesystem;
using trial::Manifest;
using trial::ManifestFile;
using trial::Outcome;

ManifestFile listed(const std::string& path, std::string_view content) {
  return {path, openssl_sha256(as_bytes(content)), {}};
}

/// "OUTCOME path", and what else is said, for each file.
std::vector<std::string> check(const TemporaryFolder& folder, const Manifest& manifest,
                               const std::string& manifest_file = "/nowhere") {
  std::vector<std::string> lines;
  std::uint64_t files = 0;
  const auto summary = trial::verify_manifest(
      folder.path(), manifest, manifest_file, [&](const trial::Finding& finding) {
        std::string line = std::string(to_string(finding.outcome)) + " " + finding.path;
        if (!finding.new_path.empty()) line += " -> " + finding.new_path;
        if (!finding.reason.empty()) line += ": " + finding.reason;
        lines.push_back(line);
      });
  for (const std::uint64_t count : summary.files) files += count;
  EXPECT_EQ(files, lines.size());
  const auto good = std::count_if(lines.begin(), lines.end(),
                                  [](const std::string& line) { return line.starts_with("OK "); });
  EXPECT_EQ(summary.of(Outcome::unchanged), static_cast<std::uint64_t>(good));
  return lines;
}

TEST(ManifestCheck, TellsEveryOutcome) {
  const TemporaryFolder folder;
  folder.write("changed", "new");
  folder.write("extra", "e");
  folder.write("large", std::string(3 << 20, 'x'));
  folder.write("new-name", "same");
  folder.write("ok", "o");
  fs::create_symlink("/etc/passwd", folder.path("link"));
  ASSERT_EQ(mkfifo(folder.path("pipe").c_str(), 0600), 0);
  Manifest manifest;
  manifest.files = {
      listed("changed", "old"), listed("gone", "g"), listed("large", std::string(3 << 20, 'x')),
      listed("link", "l"),      listed("ok", "o"),   listed("old-name", "same")};
  EXPECT_EQ(check(folder, manifest),
            (std::vector<std::string>{"CHANGED changed", "ADDED extra", "MISSING gone", "OK large",
                                      "CHANGED link: is a symbolic link now", "OK ok",
                                      "RENAMED old-name -> new-name", "ADDED pipe: is a FIFO"}));
}

TEST(ManifestCheck, DoesNotCallTheManifestItselfAdded) {
  const TemporaryFolder folder;
  folder.write("a", "a");
  const std::string own = folder.write("SHA256SUMS", "whatever");
  Manifest manifest;
  manifest.files = {listed("a", "a")};
  EXPECT_EQ(check(folder, manifest, own), std::vector<std::string>{"OK a"});
}

TEST(ManifestCheck, LooksForAddedFilesWhereABagListsAll) {
  const TemporaryFolder folder;
  const std::vector<ManifestFile> files = {listed("a", "a")};
  folder.write("study/a", "a");
  trial::write_bag(files, folder.path("study"), folder.path("bag"), "x");
  folder.write("bag/notes.txt", "not in the tag manifest, and need not be");
  folder.write("bag/data/extra", "e");
  const Manifest bag = trial::read_manifest(folder.path("bag"), folder.path("bag"));
  std::vector<std::string> bad;
  trial::verify_manifest(folder.path("bag"), bag, folder.path("bag"),
                         [&](const trial::Finding& finding) {
                           if (finding.outcome != Outcome::unchanged) bad.push_back(finding.path);
                         });
  EXPECT_EQ(bad, std::vector<std::string>{"data/extra"});
}

}  // namespace
}  // namespace salus::test
