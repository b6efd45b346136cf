#include "engine/opencl/program_cache.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <fstream>

#include "engine/log.h"
#include "engine/openssl_sha256.h"

namespace salus::engine::opencl {
namespace {

namespace fs = std::filesystem;

constexpr std::array<char, 8> kMagic = {'S', 'A', 'L', 'U', 'S', 'C', 'L', '1'};
constexpr std::size_t kMaxPayload = std::size_t{64} << 20;  // PoCL's largest here has 0.3 MiB

/// What stands before the payload, byte for byte.
struct FileHeader {
  std::array<char, 8> magic = kMagic;
  Digest key;
  Digest payload_sha256;
  std::uint64_t payload_size = 0;
};
static_assert(sizeof(FileHeader) == 80);

/// Beside `path`, and nobody else's: not another process's, nor another thread's of this one.
fs::path temporary_for(const fs::path& path) {
  static std::atomic<unsigned> counter{0};
  return path.string() + fmt::format(".{}.{}.tmp", getpid(), counter++);
}

/// Programs are code that the driver will run: only the user may change them.
void make_private_folder(const fs::path& folder) {
  fs::create_directories(folder.parent_path());
  if (mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    throw fs::filesystem_error("mkdir", folder, std::error_code(errno, std::generic_category()));
  }
}

/// Owned by this user and not writable by others.
bool is_private(const fs::path& file) {
  struct stat status {};
  return stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         status.st_uid == geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

void write_file(const fs::path& path, const FileHeader& header, Bytes payload) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(&header), sizeof header);
  out.write(reinterpret_cast<const char*>(payload.data()),
            static_cast<std::streamsize>(payload.size()));
  out.close();
  if (!out) throw fs::filesystem_error("write", path, std::make_error_code(std::errc::io_error));
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace

fs::path ProgramCache::default_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && fs::path(cache).is_absolute()) return fs::path(cache) / "salus/opencl";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home != '\0') return fs::path(home) / ".cache/salus/opencl";
  return {};
}

fs::path ProgramCache::file_of(const Digest& key) const { return folder_ / (to_hex(key) + ".bin"); }

std::optional<std::vector<std::uint8_t>> ProgramCache::load(const Digest& key) const {
  const fs::path path = file_of(key);
  if (folder_.empty() || !is_private(path)) return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  FileHeader header;
  in.read(reinterpret_cast<char*>(&header), sizeof header);
  if (!in || header.magic != kMagic || header.key != key || header.payload_size > kMaxPayload) {
    return std::nullopt;
  }
  std::vector<std::uint8_t> payload(header.payload_size);
  in.read(reinterpret_cast<char*>(payload.data()), static_cast<std::streamsize>(payload.size()));
  if (!in || in.peek() != std::ifstream::traits_type::eof() ||
      openssl_sha256(payload) != header.payload_sha256) {
    return std::nullopt;
  }
  return payload;
}

void ProgramCache::store(const Digest& key, Bytes payload) const {
  if (folder_.empty() || payload.size() > kMaxPayload) return;
  FileHeader header;
  header.key = key;
  header.payload_sha256 = openssl_sha256(payload);
  header.payload_size = payload.size();
  const fs::path path = file_of(key);
  const fs::path temporary = temporary_for(path);
  try {
    make_private_folder(folder_);
    write_file(temporary, header, payload);
    fs::rename(temporary, path);
  } catch (const fs::filesystem_error& error) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    logging::warn("opencl: kernels are not cached: {}: {}", path.string(), error.code().message());
  }
}

Digest cache_key(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += fmt::format("{}:{}", part.size(), part);
  return openssl_sha256(as_bytes(text));
}

}  // namespace salus::engine::opencl
