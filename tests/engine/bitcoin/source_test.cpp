// Streams: files, hex text, and the XOR of Bitcoin Core's block files.
#include "engine/bitcoin/source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/bitcoin/hex_source.h"
#include "engine/error.h"
#include "tests/engine/bitcoin/builder.h"
#include "tests/support/temporary_folder.h"

namespace salus::bitcoin {
namespace {

using salus::test::TemporaryFolder;
using test::Data;

/// All that a source has, in pieces of `piece` bytes.
Data drain(ByteSource& source, std::size_t piece = 1000) {
  Data out;
  Data buffer(piece);
  while (const std::size_t size = source.read(buffer))
    out.insert(out.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
  return out;
}

Data decoded(std::string_view text, std::size_t piece = 1000) {
  HexOrBinarySource source(std::make_unique<MemorySource>(as_bytes(text)));
  return drain(source, piece);
}

std::string fault(std::string_view text) {
  try {
    (void)decoded(text);
    return {};
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    return error.what();
  }
}

TEST(HexSource, DecodesEitherCaseAcrossBlanksAndLines) {
  const Data wanted{0x00, 0x12, 0xab, 0xcd, 0xef};
  EXPECT_EQ(decoded("0012abCDEF"), wanted);
  EXPECT_EQ(decoded("00 12\tab\r\n\nCD\nEF\n"), wanted);
  EXPECT_EQ(decoded("0012abCDEF", 1), wanted);
}

TEST(HexSource, PassesBytesThatAreNoText) {
  const Data block = test::read_file("testnet-segwit-block.raw");
  MemorySource plain(block);
  EXPECT_EQ(drain(plain, 7), block);
  HexOrBinarySource source(std::make_unique<MemorySource>(block));
  EXPECT_EQ(drain(source, 100), block);
  EXPECT_EQ(decoded(""), Data());
}

TEST(HexSource, NamesTheLineThatIsWrong) {
  EXPECT_EQ(fault("00\n11\n2g\n"), "line 3: 'g' is no hex digit");
  EXPECT_EQ(fault("00\n1\n22\n"), "line 2: an odd number of hex digits (1)");
  EXPECT_EQ(fault("hello"), "line 1: 'h' is no hex digit");
  EXPECT_EQ(fault("123"), "line 1: an odd number of hex digits (3)");
}

TEST(HexSource, FindsTheHeaderThatLostDigits) {
  const std::string whole(160, '1');
  const std::string less(158, '1');
  EXPECT_EQ(fault(whole + "\n" + whole + "\n"), "");
  EXPECT_EQ(fault(whole + "\n" + less + "\n" + whole + "\n"),
            "line 2: 158 hex digits where a header has 160");
  // Wrapped at 160 columns, the last line may be short.
  EXPECT_EQ(fault(whole + "\n" + less + "\n\n"), "");
}

TEST(FileSource, SaysWhyItCannotRead) {
  const TemporaryFolder folder;
  const auto reads = [](const std::string& path) {
    FileSource source(path);
    return drain(source);
  };
  EXPECT_THROW(reads(folder.path("none")), Error);
  EXPECT_THROW(reads(folder.path()), Error);
  EXPECT_EQ(reads(folder.write("some", Data{1, 2, 3})), Data({1, 2, 3}));
}

TEST(BlockFile, IsReadThroughTheKeyBesideIt) {
  const TemporaryFolder folder;
  const Data plain = test::sequence(test::chain(3));
  const Data key{1, 2, 3, 4, 5, 6, 7, 8};
  Data hidden = plain;
  for (std::size_t i = 0; i < hidden.size(); ++i) hidden[i] ^= key[i % 8];
  (void)folder.write("xor.dat", key);
  EXPECT_EQ(drain(*open_block_file(folder.write("blk00000.dat", hidden)), 13), plain);
  // Any other file is what it is.
  EXPECT_EQ(drain(*open_block_file(folder.write("other.dat", hidden))), hidden);
  (void)folder.write("xor.dat", Data{1, 2, 3});
  EXPECT_THROW((void)open_block_file(folder.path("blk00000.dat")), Error);
}

}  // namespace
}  // namespace salus::bitcoin
