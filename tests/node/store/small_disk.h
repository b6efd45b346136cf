// A disk that can be filled, and written no more.
#pragma once

#include <cstddef>
#include <filesystem>

#include "tests/support/temporary_folder.h"

namespace salus::test {

/// A tmpfs of its own. Mounting one may need root's rights: ask `is_mounted` and skip the test
/// otherwise.
class SmallDisk {
 public:
  explicit SmallDisk(std::size_t bytes);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  [[nodiscard]] bool is_mounted() const { return mounted_; }
  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
  [[nodiscard]] bool make_read_only();
  /// Fills all that is free with a file, but for some bytes.
  void fill_but(std::size_t bytes);
  void empty();

 private:
  TemporaryFolder folder_;
  bool mounted_ = false;
};

}  // namespace salus::test
