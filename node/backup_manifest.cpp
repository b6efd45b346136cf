#include "node/backup_manifest.h"

#include <fcntl.h>

#include <algorithm>
#include <functional>
#include <sstream>

#include "engine/error.h"
#include "engine/signature/openssl_object.h"
#include "node/store/file.h"

namespace salus::node {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFirstLine = "Salus backup, format 1";
constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

/// Reads a file piece by piece; its size and digest.
BackupFile read_file(const fs::path& path, const std::function<void(std::uint64_t, Bytes)>& take) {
  using engine::signature::OwnedDigestContext;
  using engine::signature::require_openssl;
  const File file(path, O_RDONLY);
  const OwnedDigestContext context(EVP_MD_CTX_new());
  require_openssl(context != nullptr, "make a digest");
  require_openssl(EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1, "begin a digest");
  std::vector<std::uint8_t> buffer(kPieceBytes);
  BackupFile read;
  for (;;) {
    const std::size_t count = file.read_at(read.bytes, buffer);
    if (count == 0) break;
    const Bytes piece = Bytes(buffer).first(count);
    require_openssl(EVP_DigestUpdate(context.get(), piece.data(), piece.size()) == 1, "digest");
    if (take) take(read.bytes, piece);
    read.bytes += count;
  }
  require_openssl(EVP_DigestFinal_ex(context.get(), read.digest.data(), nullptr) == 1,
                  "end a digest");
  return read;
}

/// A name that stays below the folder that it is put into.
bool is_safe_name(const std::string& name) {
  const fs::path path(name);
  return !name.empty() && path.is_relative() &&
         std::ranges::none_of(path,
                              [](const fs::path& part) { return part == ".." || part == "."; });
}

}  // namespace

std::string to_text(const BackupManifest& manifest) {
  std::ostringstream text;
  text << kFirstLine << "\nchain " << manifest.chain << "\nnumber " << manifest.number
       << "\nheight " << manifest.height << '\n';
  for (const BackupFile& file : manifest.files)
    text << "file " << to_hex(file.digest) << ' ' << file.bytes << ' ' << file.name << '\n';
  text << "end\n";
  return text.str();
}

BackupManifest parse_manifest(const std::string& text, const std::string& where) {
  BackupManifest manifest;
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::string kind;
    fields >> kind;
    if (kind == "chain") fields >> manifest.chain;
    if (kind == "number") fields >> manifest.number;
    if (kind == "height") fields >> manifest.height;
    if (kind != "file") continue;
    BackupFile file;
    std::string digest;
    fields >> digest >> file.bytes >> std::ws;
    std::getline(fields, file.name);
    file.digest = digest_from_hex(digest).value_or(Digest{});
    if (!is_safe_name(file.name)) break;
    manifest.files.push_back(file);
  }
  // What is written is what was read: nothing was passed over, and nothing is cut off.
  if (to_text(manifest) != text)
    throw Error(ErrorKind::input, where + " is damaged, or of another version of this program");
  return manifest;
}

std::vector<BackupFile> list_files(const fs::path& folder) {
  std::vector<BackupFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    BackupFile file = read_file(entry.path(), {});
    file.name = entry.path().lexically_relative(folder).string();
    files.push_back(std::move(file));
  }
  std::ranges::sort(files, {}, &BackupFile::name);
  return files;
}

BackupFile copy_durably(const fs::path& from, const fs::path& to) {
  File copy(to, O_WRONLY | O_CREAT | O_EXCL);
  BackupFile copied =
      read_file(from, [&copy](std::uint64_t at, Bytes piece) { copy.write_at(at, piece); });
  copy.sync();
  copied.name = to.filename().string();
  return copied;
}

}  // namespace salus::node
