#include "engine/bitcoin/block_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/bitcoin/block.h"
#include "engine/error.h"

namespace salus::bitcoin {
namespace {

// Magic bytes and a length, both of four bytes, before each block of a sequence.
constexpr std::size_t kMagicSize = 4;
constexpr std::size_t kFrameSize = 8;
// The window holds a batch and a largest block with its frame and the next magic bytes.
constexpr std::size_t kWindowSize =
    BlockReader::kBatchSize + kMaxBlockSize + kFrameSize + kMagicSize;

std::uint32_t little_endian32(Bytes bytes) {
  return static_cast<std::uint32_t>(bytes[0]) | static_cast<std::uint32_t>(bytes[1]) << 8 |
         static_cast<std::uint32_t>(bytes[2]) << 16 | static_cast<std::uint32_t>(bytes[3]) << 24;
}

bool all_zero(Bytes bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t b) { return b == 0; });
}

Bytes front(Bytes bytes, std::size_t most) { return bytes.first(std::min(bytes.size(), most)); }

/// Why `bytes` do not begin with a block; empty when they do, and `size` is how long it is.
std::string block_fault(Bytes bytes, std::size_t& size) {
  try {
    size = read_block(front(bytes, kMaxBlockSize)).size;
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

pow::Header header_at(Bytes bytes, std::size_t index) {
  return pow::parse_header(bytes.subspan(index * pow::kHeaderSize).first<pow::kHeaderSize>());
}

bool meets_own_bits(const pow::Header& header) {
  const pow::DecodedBits bits = pow::decode_bits(header.bits);
  return bits.error == pow::BitsError::none && pow::meets(header, bits.target);
}

/// Whether bytes that are no block read as headers: nobody hits upon a link or on work by accident.
bool looks_like_headers(Bytes bytes) {
  constexpr std::size_t kEnough = 16;
  const std::size_t whole = std::min(bytes.size() / pow::kHeaderSize, kEnough);
  if (whole < 2) return bytes.size() == pow::kHeaderSize;
  for (std::size_t i = 1; i < whole; ++i)
    if (header_at(bytes, i).previous == pow::header_id(header_at(bytes, i - 1))) return true;
  return bytes.size() == 2 * pow::kHeaderSize || meets_own_bits(header_at(bytes, 1));
}

}  // namespace

const char* to_string(Format format) {
  switch (format) {
    case Format::headers: return "headers";
    case Format::blocks: return "blocks";
    case Format::sequence: return "sequence";
  }
  return "?";
}

BlockReader::BlockReader(ByteSource& source) : window_(source, kWindowSize) {
  window_.refill();
  detect();
}

void BlockReader::detect() {
  const Bytes head = window_.rest();
  network_ = find_network(head);
  if (network_ != nullptr) {
    format_ = Format::sequence;
    return;
  }
  if (head.empty()) throw Error(ErrorKind::input, "empty");
  if (head.size() < kLeastBlockSize && head.size() != pow::kHeaderSize)
    throw Error(ErrorKind::input, fmt::format("{} bytes: a header has {}, a block at least {}",
                                              head.size(), pow::kHeaderSize, kLeastBlockSize));
  std::size_t size = 0;
  const std::string fault = block_fault(head, size);
  const bool is_block = fault.empty();
  if (!is_block && (looks_like_headers(head) || !window_.ended())) {
    format_ = Format::headers;
  } else if (is_block || meets_own_bits(header_at(head, 0))) {
    format_ = Format::blocks;  // with the work in its header, even a broken one was a block
  } else {
    throw Error(ErrorKind::input, fmt::format("neither a block ({}) nor headers", fault));
  }
}

std::span<const Record> BlockReader::next_batch() {
  batch_.clear();
  for (;;) {
    const Cut result = cut();
    if (result == Cut::record) continue;
    if (result == Cut::end) return batch_;
    // The views in the batch lie in the window: they go out before it moves.
    if (!batch_.empty()) return batch_;
    window_.refill();
  }
}

BlockReader::Cut BlockReader::cut() {
  if (lost_) return Cut::end;
  switch (format_) {
    case Format::headers: return cut_header();
    case Format::blocks: return cut_block();
    case Format::sequence: return searching_ ? search_magic() : cut_framed();
  }
  return Cut::end;
}

BlockReader::Cut BlockReader::add_record(std::size_t prefix, std::size_t size) {
  Record record;
  record.index = next_index_++;
  record.offset = window_.offset() + prefix;
  record.bytes = window_.rest().subspan(prefix, size);
  batch_.push_back(std::move(record));
  window_.skip(prefix + size);
  return Cut::record;
}

BlockReader::Cut BlockReader::add_fault(std::string fault, std::size_t skip) {
  Record record;
  record.index = next_index_++;
  record.offset = window_.offset();
  record.fault = std::move(fault);
  batch_.push_back(std::move(record));
  window_.skip(skip);
  return Cut::record;
}

BlockReader::Cut BlockReader::cut_header() {
  const std::size_t left = window_.rest().size();
  if (left >= pow::kHeaderSize) return add_record(0, pow::kHeaderSize);
  if (!window_.ended()) return Cut::more_needed;
  if (left == 0) return Cut::end;
  if (!batch_.empty()) return Cut::more_needed;
  throw Error(ErrorKind::input, fmt::format("{} bytes after header {}: a header has {}", left,
                                            next_index_ - 1, pow::kHeaderSize));
}

BlockReader::Cut BlockReader::cut_block() {
  const Bytes rest = window_.rest();
  if (rest.size() < kMaxBlockSize && !window_.ended()) return Cut::more_needed;
  if (rest.empty()) return Cut::end;
  try {
    return add_record(0, read_block(front(rest, kMaxBlockSize)).size);
  } catch (const Error& error) {
    lost_ = true;  // without a frame nothing says where the next block begins
    return add_fault(error.what(), rest.size());
  }
}

BlockReader::Cut BlockReader::lose_frame(std::string fault) {
  searching_ = true;
  return add_fault(std::move(fault), 1);
}

bool BlockReader::frame_ends_well(Bytes after) const {
  if (after.size() < kMagicSize) return all_zero(after);
  return find_network(after) == network_ || all_zero(after.first(kMagicSize));
}

BlockReader::Cut BlockReader::cut_framed() {
  // Bitcoin Core sets files aside in large pieces, so zeros may follow the last block.
  const Bytes padded = window_.rest();
  const auto begin = std::ranges::find_if(padded, [](std::uint8_t b) { return b != 0; });
  window_.skip(static_cast<std::size_t>(begin - padded.begin()));
  const Bytes rest = window_.rest();
  if (rest.empty() && window_.ended()) return Cut::end;
  if (rest.size() < kFrameSize + kMaxBlockSize + kMagicSize && !window_.ended())
    return Cut::more_needed;

  if (find_network(rest) != network_)
    return lose_frame(
        fmt::format("at byte {}: not the magic bytes of {}", window_.offset(), network_->name));
  if (rest.size() < kFrameSize)
    return lose_frame(fmt::format("at byte {}: cut short", window_.offset()));
  const std::uint32_t size = little_endian32(rest.subspan(kMagicSize));
  if (size > kMaxBlockSize)
    return lose_frame(fmt::format("at byte {}: announces {} bytes, more than a block may have",
                                  window_.offset(), size));
  if (size > rest.size() - kFrameSize)
    return lose_frame(fmt::format("at byte {}: announces {} bytes, {} left", window_.offset(), size,
                                  rest.size() - kFrameSize));
  const Bytes block = rest.subspan(kFrameSize, size);
  if (!frame_ends_well(rest.subspan(kFrameSize + size))) {
    std::size_t true_size = 0;
    std::string fault = block_fault(block, true_size);
    if (fault.empty() && true_size != size) fault = fmt::format("the block has {}", true_size);
    if (!fault.empty())
      return lose_frame(fmt::format("at byte {}: announces {} bytes, and no magic bytes follow: {}",
                                    window_.offset(), size, fault));
  }
  return add_record(kFrameSize, size);
}

BlockReader::Cut BlockReader::search_magic() {
  const Bytes rest = window_.rest();
  const auto found =
      std::search(rest.begin(), rest.end(), network_->magic.begin(), network_->magic.end());
  if (found != rest.end()) {
    window_.skip(static_cast<std::size_t>(found - rest.begin()));
    searching_ = false;
    return cut_framed();
  }
  // The last bytes may be the first ones of the magic.
  const std::size_t kept = std::min(rest.size(), kMagicSize - 1);
  window_.skip(rest.size() - kept);
  return window_.ended() ? Cut::end : Cut::more_needed;
}

}  // namespace salus::bitcoin
