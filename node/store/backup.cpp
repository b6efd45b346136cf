#include "node/store/backup.h"

#include <rocksdb/utilities/backup_engine.h>

#include <memory>

#include "engine/error.h"
#include "node/store/file.h"
#include "node/store/folder_lock.h"
#include "node/store/store_folder.h"

namespace salus::node {

namespace {

std::unique_ptr<rocksdb::BackupEngine> open_backups(const std::filesystem::path& to) {
  make_folder(to);
  rocksdb::BackupEngineOptions options(to.string());
  options.sync = true;
  // A copy under a name that tells its checksum is never overwritten by another file's.
  options.share_files_with_checksum = true;
  rocksdb::BackupEngine* opened = nullptr;
  check_status(rocksdb::BackupEngine::Open(rocksdb::Env::Default(), options, &opened), "open", to);
  return std::unique_ptr<rocksdb::BackupEngine>(opened);
}

}  // namespace

std::uint32_t back_up(const Database& database, const std::filesystem::path& to) {
  const auto engine = open_backups(to);
  rocksdb::BackupID number = 0;
  check_status(engine->CreateNewBackup({}, &database.rocks(), &number), "back up to", to);
  return number;
}

void keep_newest_backup(const std::filesystem::path& to) {
  const auto engine = open_backups(to);
  check_status(engine->PurgeOldBackups(1), "delete old backups in", to);
  check_status(engine->GarbageCollect(), "delete old backups in", to);
}

void restore_backup(const std::filesystem::path& from, std::uint32_t number,
                    const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(from)) {
    throw Error(ErrorKind::usage, from.string() + " is no folder of backups");
  }
  if (std::filesystem::exists(folder) && !std::filesystem::is_empty(folder)) {
    throw Error(ErrorKind::usage,
                folder.string() + " is not empty: a backup is restored to a new folder");
  }
  rocksdb::BackupEngineReadOnly* opened = nullptr;
  const rocksdb::BackupEngineOptions options(from.string());
  check_status(rocksdb::BackupEngineReadOnly::Open(rocksdb::Env::Default(), options, &opened),
               "open", from);
  const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine(opened);
  const std::string database = database_folder(folder).string();
  make_folder(folder);
  const FolderLock lock(folder);
  check_status(engine->RestoreDBFromBackup(number, database, database), "restore", from);
  // Last, so that a store of which a part is missing is not taken for one.
  prepare_restored_folder(folder);
}

}  // namespace salus::node
