#include "node/store/store_folder.h"

#include <fcntl.h>

#include <array>
#include <string>
#include <string_view>

#include "engine/error.h"
#include "node/store/file.h"

namespace salus::node {

namespace {

constexpr std::string_view kFormat = "Salus block store, format 1\n";
constexpr std::string_view kFormatStart = "Salus block store, format ";

std::string read_text(const std::filesystem::path& path) {
  const File file(path, O_RDONLY);
  std::array<std::uint8_t, 64> bytes{};
  const std::size_t count = file.read_at(0, bytes);
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count)};
}

void write_format(const std::filesystem::path& folder) {
  File file(folder / "format.tmp", O_WRONLY | O_CREAT | O_TRUNC);
  file.write_at(0, as_bytes(kFormat));
  file.sync();
  file.rename(folder / "format");
  sync_folder(folder);
}

void check_format(const std::filesystem::path& path) {
  const std::string text = read_text(path);
  if (text == kFormat) return;
  if (!text.starts_with(kFormatStart)) {
    throw Error(ErrorKind::input, path.string() + " is not that of a Salus block store");
  }
  throw Error(ErrorKind::input,
              path.string() + " says format " +
                  text.substr(kFormatStart.size(), text.find('\n') - kFormatStart.size()) +
                  ", this program reads format 1");
}

}  // namespace

void prepare_restored_folder(const std::filesystem::path& folder) { write_format(folder); }

void prepare_store_folder(const std::filesystem::path& folder) {
  make_folder(folder);
  const auto database = database_folder(folder);
  const bool has_database =
      std::filesystem::exists(database) && !std::filesystem::is_empty(database);
  if (std::filesystem::exists(folder / "format")) {
    check_format(folder / "format");
  } else if (has_database) {
    throw Error(ErrorKind::input, folder.string() + " is damaged: its file format is missing");
  } else {
    write_format(folder);
  }
  // RocksDB would begin a new database where this file is missing.
  if (has_database && !std::filesystem::exists(database / "CURRENT")) {
    for (const auto& entry : std::filesystem::directory_iterator(database)) {
      if (entry.path().extension() == ".sst") {
        throw Error(ErrorKind::input, folder.string() + " is damaged: rocksdb/CURRENT is missing");
      }
    }
  }
}

}  // namespace salus::node
