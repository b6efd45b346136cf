// A file that is written from front to back, with checks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "engine/bytes.h"
#include "engine/files/descriptor.h"

namespace salus::trial {

/// Collects small writes. Every member throws `Error` (system) that names the file for what the
/// system refuses, a full disk among it. What was not flushed is lost with the object.
class OutputFile {
 public:
  enum class Mode { create, go_on };

  /// Makes the file, with the rights that the process gives new files, and empties one that is
  /// there; with `go_on` it is kept to `size` bytes instead, which it must have.
  explicit OutputFile(std::filesystem::path path, Mode mode = Mode::create, std::uint64_t size = 0);

  void append(Bytes bytes);
  void append(std::string_view text) { append(as_bytes(text)); }
  void flush();
  /// Flushes, and the content is on the disk when this returns.
  void sync();

  /// Bytes so far, flushed or not.
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// To be written by somebody else, from where the file ends; nothing may wait to be flushed.
  [[nodiscard]] int descriptor() const { return descriptor_.number(); }

 private:
  std::filesystem::path path_;
  files::Descriptor descriptor_;
  std::string waiting_;
  std::uint64_t size_ = 0;
};

/// Replaces a file, or makes it: whole or not at all, and synced with its folder. Throws `Error`
/// (system).
void replace_file(const std::filesystem::path& path, std::string_view content);

}  // namespace salus::trial
