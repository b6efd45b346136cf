#include "cli/bench/scratch_folder.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "cli/output.h"
#include "engine/error.h"

namespace salus::cli::bench {

namespace fs = std::filesystem;

ScratchFolder::ScratchFolder(const std::string& parent) {
  const fs::path in = parent.empty() ? fs::temp_directory_path() : fs::path(parent);
  std::string name = (in / "salus-bench-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr)
    throw Error(ErrorKind::system,
                "cannot make a folder in " + printable(in.string()) + ": " + std::strerror(errno));
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace salus::cli::bench
