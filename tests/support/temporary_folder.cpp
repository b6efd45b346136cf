#include "tests/support/temporary_folder.h"

#include <stdlib.h>

#include <fstream>
#include <stdexcept>
#include <system_error>

namespace salus::test {

TemporaryFolder::TemporaryFolder() {
  std::string name = std::filesystem::temp_directory_path() / "salus-test-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(std::string_view name, std::string_view content) const {
  const std::filesystem::path file = path_ / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary);
  stream.write(content.data(), static_cast<std::streamsize>(content.size()));
  if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
  return file;
}

std::string TemporaryFolder::write(std::string_view name, Bytes content) const {
  const auto* const text = reinterpret_cast<const char*>(content.data());
  return write(name, std::string_view(text, content.size()));
}

}  // namespace salus::test
