#include "engine/bitcoin/source.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "engine/bitcoin/hex_source.h"
#include "engine/error.h"

namespace salus::bitcoin {
namespace {

constexpr std::size_t kXorKeySize = 8;

/// Whether Bitcoin Core gave the file its name: blk00000.dat.
bool is_core_block_file(const std::filesystem::path& path) {
  return path.filename().string().starts_with("blk") && path.extension() == ".dat";
}

/// The key beside a block file of Bitcoin Core, where there is one.
std::optional<std::vector<std::uint8_t>> xor_key_for(const std::filesystem::path& path) {
  const std::filesystem::path key_file = path.parent_path() / "xor.dat";
  std::error_code ignored;
  if (!is_core_block_file(path) || !std::filesystem::exists(key_file, ignored)) return std::nullopt;
  FileSource source(key_file);
  std::vector<std::uint8_t> key(kXorKeySize + 1);
  key.resize(source.read(key));
  if (key.size() != kXorKeySize)
    throw Error(ErrorKind::input,
                fmt::format("the key in {} has not {} bytes", key_file.string(), kXorKeySize));
  return key;
}

}  // namespace

XorSource::XorSource(std::unique_ptr<ByteSource> inner, std::vector<std::uint8_t> key)
    : inner_(std::move(inner)), key_(std::move(key)) {}

std::size_t XorSource::read(std::span<std::uint8_t> out) {
  const std::size_t size = inner_->read(out);
  for (std::size_t i = 0; i < size; ++i) {
    out[i] ^= key_[phase_];
    phase_ = phase_ + 1 == key_.size() ? 0 : phase_ + 1;
  }
  return size;
}

std::unique_ptr<ByteSource> open_block_file(const std::string& path) {
  std::unique_ptr<ByteSource> source = std::make_unique<FileSource>(path);
  if (path != "-")
    if (auto key = xor_key_for(path))
      return std::make_unique<XorSource>(std::move(source), std::move(*key));
  return std::make_unique<HexOrBinarySource>(std::move(source));
}

}  // namespace salus::bitcoin
