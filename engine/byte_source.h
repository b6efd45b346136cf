// Bytes that arrive one piece after the other: files, standard input, memory.
#pragma once

#include <span>
#include <string>

#include "engine/bytes.h"

namespace salus {

/// A stream of bytes, read once from front to back by one thread.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  /// Fills the front of `out`, which is not empty; how many bytes, 0 only at the end. Throws
  /// `Error`: (system) when reading fails, (input) when the bytes are not what this source takes.
  virtual std::size_t read(std::span<std::uint8_t> out) = 0;
};

/// Bytes in memory, which must outlive the source.
class MemorySource : public ByteSource {
 public:
  explicit MemorySource(Bytes bytes) : rest_(bytes) {}
  std::size_t read(std::span<std::uint8_t> out) override;

 private:
  Bytes rest_;
};

/// A file, or standard input for "-". The constructor throws `Error` (input) for what is not there
/// or cannot be read. Messages do not name the file.
class FileSource : public ByteSource {
 public:
  explicit FileSource(const std::string& path);
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override;
  std::size_t read(std::span<std::uint8_t> out) override;

 private:
  int descriptor_ = -1;
  bool owned_ = false;
};

}  // namespace salus
