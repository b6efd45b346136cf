// Where the bytes of block files come from: a stream that is never held as a whole.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/bytes.h"

namespace salus::bitcoin {

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
  ~FileSource() override;
  std::size_t read(std::span<std::uint8_t> out) override;

 private:
  int descriptor_ = -1;
  bool owned_ = false;
};

/// Undoes the XOR that Bitcoin Core (from 28 on) lays over its block files, with the repeated key
/// of `xor.dat`.
class XorSource : public ByteSource {
 public:
  /// `key` is not empty.
  XorSource(std::unique_ptr<ByteSource> inner, std::vector<std::uint8_t> key);
  std::size_t read(std::span<std::uint8_t> out) override;

 private:
  std::unique_ptr<ByteSource> inner_;
  std::vector<std::uint8_t> key_;
  std::size_t phase_ = 0;
};

/// A block file as people have them: `-` for standard input, hex or binary, and with the key of
/// `xor.dat` where a `blk*.dat` lies beside one. Throws as `FileSource` does.
std::unique_ptr<ByteSource> open_block_file(const std::string& path);

}  // namespace salus::bitcoin
