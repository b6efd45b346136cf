#include "tests/support/kernel_cache.h"

#include <cstdlib>

#include "tests/support/places.h"

namespace salus::test {

std::filesystem::path use_kernel_cache() {
  std::filesystem::path folder = built_file("tests/kernel-cache");
  std::filesystem::create_directories(folder / "pocl");
  setenv("POCL_CACHE_DIR", (folder / "pocl").c_str(), 0);
  setenv("XDG_CACHE_HOME", folder.c_str(), 1);
  return folder;
}

}  // namespace salus::test
