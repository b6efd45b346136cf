#include "cli/demo_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

#include "cli/output.h"
#include "engine/error.h"

namespace salus::cli {

namespace fs = std::filesystem;

fs::path demo_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path installed = program.parent_path().parent_path() / "share/salus/demo";
  for (const fs::path& folder : {installed, fs::path(SALUS_SOURCE_DEMO)})
    if (fs::is_directory(folder, error)) return folder;
  throw Error(ErrorKind::system, fmt::format("the demo's data is neither in {} nor in {}",
                                             printable(installed.string()), SALUS_SOURCE_DEMO));
}

std::vector<std::uint8_t> read_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::vector<std::uint8_t> content{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) throw Error(ErrorKind::system, "cannot read " + printable(file.string()));
  return content;
}

std::vector<NamedFile> read_folder(const fs::path& folder) {
  std::vector<NamedFile> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file())
      files.push_back({entry.path().filename().string(), read_file(entry.path())});
  std::sort(files.begin(), files.end(),
            [](const NamedFile& a, const NamedFile& b) { return a.name < b.name; });
  return files;
}

}  // namespace salus::cli
