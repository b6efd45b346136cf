#include "node/chain/block_stream.h"

#include <algorithm>
#include <string>

#include "engine/error.h"
#include "engine/pow/header.h"

namespace salus::node {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxHeadBytes = 9;

/// Bytes that follow the first one of a head; more than there may be for heads of no definite
/// length.
std::size_t argument_bytes(std::uint8_t initial) {
  const unsigned information = initial & 31U;
  if (information < 24) return 0;
  return std::size_t{1} << (information - 24);
}

}  // namespace

std::optional<Bytes> BlockStreamReader::next() {
  begin_ += size_;
  offset_ += size_;
  size_ = 0;
  if (!fill(1)) return std::nullopt;
  ++blocks_;
  if (head(CborMajor::array) != 2) fail("is no block");
  if (head(CborMajor::byte_string) != pow::kHeaderSize) fail("is no block");
  pass(pow::kHeaderSize);
  statements_ = head(CborMajor::array);
  if (statements_ > limits_.statements) fail("has more statements than the chain permits");
  for (std::uint64_t i = 0; i < statements_; ++i) pass(head(CborMajor::byte_string));
  return Bytes(buffer_).subspan(begin_, size_);
}

std::uint64_t BlockStreamReader::head(CborMajor major) {
  require(size_ + 1);
  const std::size_t bytes = 1 + argument_bytes(buffer_[begin_ + size_]);
  if (bytes > kMaxHeadBytes) fail("is no block");
  require(size_ + bytes);
  CborCursor cursor(Bytes(buffer_).subspan(begin_ + size_, bytes));
  const CborHead found = cursor.head();
  if (cursor.failed() || found.major != major) fail("is no block");
  size_ += bytes;
  return found.argument;
}

void BlockStreamReader::pass(std::uint64_t size) {
  if (size > limits_.block_bytes || size_ + size > limits_.block_bytes)
    fail("is larger than the chain permits");
  require(size_ + size);
  size_ += size;
}

void BlockStreamReader::require(std::size_t size) {
  if (!fill(size)) fail("is cut short: the stream ends within it");
}

bool BlockStreamReader::fill(std::size_t size) {
  while (end_ - begin_ < size) {
    if (buffer_.size() - end_ < kPieceBytes) {
      buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
      end_ -= begin_;
      begin_ = 0;
      buffer_.resize(std::max(buffer_.size(), end_ + kPieceBytes));
    }
    const std::size_t count = source_.read(std::span(buffer_).subspan(end_));
    if (count == 0) return false;
    end_ += count;
  }
  return true;
}

void BlockStreamReader::fail(const char* problem) const {
  throw Error(ErrorKind::input, "block " + std::to_string(blocks_ - 1) +
                                    " of the stream, at byte " + std::to_string(offset_) + ", " +
                                    problem);
}

}  // namespace salus::node
