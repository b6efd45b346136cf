// Padding in pieces against padding as FIPS 180-4, 5.1.1 states it.
#include "engine/opencl/padding.h"

#include <gtest/gtest.h>

#include "tests/engine/opencl/opencl_fixture.h"

namespace salus::engine::opencl {
namespace {

std::vector<std::uint8_t> padded(std::optional<std::uint8_t> prefix, Bytes message) {
  std::vector<std::uint8_t> out;
  if (prefix) out.push_back(*prefix);
  std::copy(message.begin(), message.end(), std::back_inserter(out));
  const std::uint64_t bits = 8 * out.size();
  out.push_back(0x80);
  while (out.size() % 64 != 56) out.push_back(0);
  for (int shift = 56; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(bits >> shift));
  return out;
}

TEST(OpenClPadding, IsTheSameInPiecesOfAnySize) {
  const std::vector<std::uint8_t> bytes = random_bytes(300, 6);
  for (std::size_t size = 0; size <= 300; ++size) {
    for (const std::optional<std::uint8_t> prefix :
         {std::optional<std::uint8_t>{}, std::optional<std::uint8_t>{7}}) {
      const PaddedMessage message(prefix, Bytes(bytes).first(size));
      const std::vector<std::uint8_t> expected = padded(prefix, Bytes(bytes).first(size));
      ASSERT_EQ(message.blocks() * 64, expected.size());
      for (const std::size_t piece : {1, 2, 3, 9}) {
        std::vector<std::uint8_t> out(expected.size(), 0xaa);
        for (std::size_t first = 0; first < message.blocks(); first += piece) {
          const std::size_t count = std::min(piece, message.blocks() - first);
          message.copy_blocks(first, std::span(out).subspan(first * 64, count * 64));
        }
        ASSERT_EQ(out, expected) << size << " bytes in pieces of " << piece;
      }
    }
  }
}

}  // namespace
}  // namespace salus::engine::opencl
