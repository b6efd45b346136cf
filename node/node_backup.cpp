#include "node/node_backup.h"

#include <fcntl.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <string>

#include "engine/error.h"
#include "node/backup_manifest.h"
#include "node/chain/genesis.h"
#include "node/node.h"
#include "node/store/file.h"
#include "node/store/folder_lock.h"

namespace salus::node {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "backup";
constexpr const char* kUnfinished = "unfinished";
constexpr const char* kLock = "lock";

std::string read_text(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw Error(ErrorKind::input, "cannot read " + path.string());
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Durably, and as a whole or not at all.
void replace_text(const fs::path& path, std::string_view text) {
  File file(path.string() + ".tmp", O_WRONLY | O_CREAT | O_TRUNC);
  file.write_at(0, as_bytes(text));
  file.sync();
  file.rename(path);
  sync_folder(path.parent_path());
}

std::optional<BackupManifest> manifest_in(const fs::path& out) {
  const fs::path path = out / kManifest;
  if (!fs::exists(path)) return std::nullopt;
  return parse_manifest(read_text(path), path.string());
}

/// Whatever is in a folder that was not asked to be a backup stays as it is.
void refuse_other_content(const fs::path& out) {
  if (!fs::exists(out) || fs::exists(out / kManifest) || fs::exists(out / kUnfinished)) return;
  for (const auto& entry : fs::directory_iterator(out))
    if (entry.path().filename() != kLock)
      throw Error(ErrorKind::usage, out.string() + " is not empty, and holds no backup");
}

/// Folders of copies other than the one with this number, which were not finished or are replaced.
void remove_other_copies(const fs::path& out, std::uint32_t number) {
  const std::set<std::string> kept{kManifest, kUnfinished, kLock, kBlocksFolder,
                                   std::to_string(number)};
  for (const auto& entry : fs::directory_iterator(out))
    if (!kept.contains(entry.path().filename().string())) fs::remove_all(entry.path());
}

void copy_settings(const fs::path& folder, const fs::path& to, bool with_keys) {
  for (const char* const name : {kGenesisFile, kConfigFile}) copy_durably(folder / name, to / name);
  if (!with_keys) return;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().extension() == ".pem")
      copy_durably(entry.path(), to / entry.path().filename());
}

std::uint64_t bytes_in(const fs::path& folder) {
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) bytes += entry.file_size();
  return bytes;
}

BackupManifest require_manifest(const fs::path& from) {
  if (auto manifest = manifest_in(from)) return std::move(*manifest);
  if (fs::exists(from / kUnfinished))
    throw Error(ErrorKind::input,
                from.string() + " holds a backup that was never finished: make it again");
  throw Error(ErrorKind::input, from.string() + " holds no backup");
}

/// Copies a file of a backup to its place and compares it with what the manifest says of it.
void restore_file(const BackupFile& file, const fs::path& from, const fs::path& folder) {
  const fs::path source = from / file.name;
  if (!fs::is_regular_file(source))
    throw Error(ErrorKind::input, "the backup is damaged: " + source.string() + " is missing");
  const fs::path target = folder / file.name;
  make_folder(target.parent_path());
  const BackupFile copied = copy_durably(source, target);
  if (copied.digest != file.digest || copied.bytes != file.bytes)
    throw Error(ErrorKind::input, "the backup is damaged: " + source.string() +
                                      " is not as it was when the backup was made");
  sync_folder(target.parent_path());
}

}  // namespace

BackupReport back_up_folder(const fs::path& folder, const BlockStore& store, const IntakeLog& log,
                            const fs::path& out, bool with_keys) {
  refuse_other_content(out);
  make_folder(out);
  const FolderLock lock(out);
  BackupManifest manifest;
  manifest.chain = to_hex_reversed(load_genesis(folder).id());
  const auto earlier = manifest_in(out);
  if (earlier && earlier->chain != manifest.chain)
    throw Error(ErrorKind::usage, out.string() + " holds a backup of another chain");
  replace_text(out / kUnfinished, "a backup is being made, or was not finished\n");
  remove_other_copies(out, earlier ? earlier->number : 0);

  const auto tip = store.tip();
  manifest.height = tip ? tip->height : 0;
  // What the log has let go is deep in the chain, and so in this copy of it; the rest is in the
  // copy of the log that follows.
  manifest.number = store.backup(out / kBlocksFolder);
  const fs::path copy = out / std::to_string(manifest.number);
  make_folder(copy);
  log.copy_to(copy / kIntakeFolder);
  copy_settings(folder, copy, with_keys);
  sync_folder(copy);
  manifest.files = list_files(copy);
  replace_text(out / kManifest, to_text(manifest));

  BlockStore::keep_newest_backup(out / kBlocksFolder);
  remove_other_copies(out, manifest.number);
  fs::remove(out / kUnfinished);
  sync_folder(out);
  return {manifest.height, bytes_in(out)};
}

void restore_folder(const fs::path& from, const fs::path& folder) {
  const BackupManifest manifest = require_manifest(from);
  if (fs::exists(folder) && !fs::is_empty(folder))
    throw Error(ErrorKind::usage,
                folder.string() + " is not empty: a backup is restored to a new folder");
  make_folder(folder);
  BlockStore::restore(from / kBlocksFolder, manifest.number, folder / kBlocksFolder);
  const fs::path copy = from / std::to_string(manifest.number);
  make_folder(folder / kIntakeFolder);
  const BackupFile* genesis = nullptr;
  for (const BackupFile& file : manifest.files) {
    if (file.name == kGenesisFile)
      genesis = &file;
    else
      restore_file(file, copy, folder);
  }
  // Last: without it the folder is no node's.
  if (genesis == nullptr)
    throw Error(ErrorKind::input, "the backup has no " + std::string(kGenesisFile));
  restore_file(*genesis, copy, folder);
}

}  // namespace salus::node
