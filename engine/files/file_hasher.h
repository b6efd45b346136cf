// Digests of many files at once, in the order in which they were named.
//
//   FileHasher hasher({}, [&](std::uint64_t index, const std::string& path, const FileResult& r) {
//     if (r.error == 0) manifest::append_line(out, r.digest, path, {});
//   });
//   for (const std::string& path : paths) hasher.add(path);
//   hasher.finish();
//
// Every worker thread opens, reads and hashes files by itself: small ones whole, several beside one
// another in the lanes of a multi-buffer kernel; large ones piece by piece, again several at a
// time. A worker that has nothing left takes over one of another's large files. Files are read,
// never mapped, so one that shrinks meanwhile does no harm; each is read until the system says that
// it ends. Memory is bounded by the number of workers, whatever the number and size of the files.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bytes.h"
#include "engine/cpu/cpu_backend.h"
#include "engine/engine.h"
#include "engine/message_view.h"

namespace salus::files {

struct FileResult {
  Digest digest{};          ///< Valid when `error` is 0.
  std::uint64_t bytes = 0;  ///< Bytes read.
  int error = 0;            ///< errno of the open or read that failed.
};

/// Hashes whole messages; called from several threads at once. May throw `Error`.
using HashBatch = std::function<void(const engine::MessageView& messages, std::span<Digest> out)>;

struct FileHasherOptions {
  engine::CpuOptions cpu{};
  /// The name "-" stands for standard input. Named again, it is at its end and has no bytes left.
  bool dash_is_stdin = false;
  /// Takes the small files instead of the CPU, for instance `Engine::hash_many`. Files above
  /// `kDeviceFileLimit` stay on the CPU.
  HashBatch hash_batch{};
};

/// Largest file that is given whole to `FileHasherOptions::hash_batch`.
inline constexpr std::size_t kDeviceFileLimit = std::size_t{2} << 20;

/// Not thread safe: one thread calls it, and on that thread results and progress are delivered.
class FileHasher {
 public:
  /// Gets each file in the order of `add`, with how many came before it.
  using OnResult =
      std::function<void(std::uint64_t index, const std::string& path, const FileResult& result)>;
  /// Called before the calling thread waits, so that it can show what it has so far.
  using OnWait = std::function<void()>;

  /// `control.progress` counts bytes; its total is 0, since sizes are known only at the end.
  FileHasher(FileHasherOptions options, OnResult on_result, engine::JobControl control = {},
             OnWait on_wait = {});
  /// Files without a result by then are given up.
  ~FileHasher();
  FileHasher(const FileHasher&) = delete;
  FileHasher& operator=(const FileHasher&) = delete;

  /// Queues a file; delivers results of earlier ones, and waits for them when too many are on their
  /// way. Throws `Cancelled` when asked to stop, `Error` when hashing itself fails, and whatever
  /// `on_result` throws. A file that cannot be read is a result, not an exception.
  void add(std::string_view path);

  /// Waits for all files so far and delivers their results. Throws as `add`.
  void wait();

  /// The same at the end: nothing may be added after it.
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The same for a list: one result for each path, in order.
std::vector<FileResult> hash_files(std::span<const std::string> paths,
                                   FileHasherOptions options = {},
                                   const engine::JobControl& control = {});

}  // namespace salus::files
