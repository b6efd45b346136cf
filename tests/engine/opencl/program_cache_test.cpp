// The program cache: what it gives back, what it refuses, and devices that live with either.
#include "engine/opencl/program_cache.h"

#include <filesystem>
#include <fstream>

#include "tests/engine/opencl/opencl_fixture.h"

namespace salus::engine::opencl {
namespace {

namespace fs = std::filesystem;

class Cache : public testing::Test {
 protected:
  void TearDown() override { fs::remove_all(folder_); }

  fs::path folder_ = fs::path(testing::TempDir()) / ("salus_cache_" + std::to_string(getpid()));
  ProgramCache cache_{folder_};
  Digest key_ = cache_key({"source", "options"});
  std::vector<std::uint8_t> payload_ = random_bytes(1000, 7);
};

/// Changes the byte at `at` of a file.
void flip_byte(const fs::path& path, std::streamoff at) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekg(at);
  const char byte = static_cast<char>(file.get() ^ 1);
  file.seekp(at);
  file.put(byte);
}

TEST_F(Cache, GivesBackWhatWasStored) {
  EXPECT_FALSE(cache_.load(key_));
  cache_.store(key_, payload_);
  EXPECT_EQ(cache_.load(key_), payload_);
  EXPECT_FALSE(cache_.load(cache_key({"source", "other options"})));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1) << "a temporary file stayed";
}

TEST_F(Cache, RefusesAFileWithAnyByteChangedOrMissing) {
  cache_.store(key_, payload_);
  const auto size = static_cast<std::streamoff>(fs::file_size(cache_.file_of(key_)));
  for (std::streamoff at = 0; at < size; at += at < 96 ? 1 : 101) {
    flip_byte(cache_.file_of(key_), at);
    EXPECT_FALSE(cache_.load(key_)) << "byte " << at;
    flip_byte(cache_.file_of(key_), at);
  }
  ASSERT_TRUE(cache_.load(key_));
  for (const std::uintmax_t length : {size - 1, size / 2, std::streamoff{80}, std::streamoff{0}}) {
    fs::resize_file(cache_.file_of(key_), length);
    EXPECT_FALSE(cache_.load(key_)) << "cut to " << length;
  }
  cache_.store(key_, payload_);
  std::ofstream(cache_.file_of(key_), std::ios::app) << "x";
  EXPECT_FALSE(cache_.load(key_));
}

TEST_F(Cache, RefusesAnotherKeysFile) {
  cache_.store(key_, payload_);
  const Digest other = cache_key({"another"});
  fs::copy_file(cache_.file_of(key_), cache_.file_of(other));
  EXPECT_FALSE(cache_.load(other));
}

TEST_F(Cache, RefusesAFileThatOthersCanWrite) {
  cache_.store(key_, payload_);
  fs::permissions(cache_.file_of(key_), fs::perms::others_write, fs::perm_options::add);
  EXPECT_FALSE(cache_.load(key_));
}

TEST_F(Cache, AFolderThatCannotBeMadeIsOnlyAWarning) {
  fs::create_directories(folder_);
  std::ofstream(folder_ / "file") << "in the way";
  const ProgramCache blocked(folder_ / "file" / "salus");
  blocked.store(key_, payload_);
  EXPECT_FALSE(blocked.load(key_));
}

TEST_F(Cache, KeysTellPartsApart) {
  EXPECT_NE(cache_key({"ab", "c"}), cache_key({"a", "bc"}));
  EXPECT_NE(cache_key({"abc"}), cache_key({"abc", ""}));
}

/// A device whose cache is this test's own; what PoCL itself keeps is shared with the other tests.
class CachedDevice : public Cache {
 protected:
  std::unique_ptr<OpenClDevice> open() {
    OpenClOptions options = test_options(16);
    options.cache_folder = folder_;
    return open_test_device(options, why_);
  }

  /// The one that is built anew fastest; the tuning's file is far smaller than any program.
  fs::path smallest_program() const {
    fs::path smallest;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      if (entry.file_size() < 4096) continue;
      if (smallest.empty() || entry.file_size() < fs::file_size(smallest)) smallest = entry.path();
    }
    return smallest;
  }

  std::string why_;
};

TEST_F(CachedDevice, TakesItsProgramsFromTheCacheAndBuildsWhatIsDamaged) {
  if (open() == nullptr) GTEST_SKIP() << why_;
  EXPECT_TRUE(open()->from_cache());

  const fs::path damaged = smallest_program();
  flip_byte(damaged, 100);
  EXPECT_FALSE(open()->from_cache());
  EXPECT_TRUE(open()->from_cache());

  // Whole and with a right checksum, but no program.
  const auto key = digest_from_hex(damaged.stem().string());
  ASSERT_TRUE(key);
  cache_.store(*key, payload_);
  EXPECT_FALSE(open()->from_cache());
}

}  // namespace
}  // namespace salus::engine::opencl
