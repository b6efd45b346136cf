// Block files as Bitcoin Core and people write them, as streams of bytes.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/byte_source.h"

namespace salus::bitcoin {

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
