// CBOR read and written: the examples of RFC 8949, appendix A, and what must be refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "engine/cbor_cursor.h"
#include "engine/cbor_reader.h"
#include "engine/cbor_writer.h"
#include "engine/error.h"

namespace salus {
namespace {

using Problem = CborCursor::Problem;

std::vector<std::uint8_t> bytes(std::string_view hex) { return from_hex(hex).value(); }

template <typename Write>
std::string written(const Write& write) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  write(writer);
  return to_hex(out);
}

std::string integer(std::int64_t value) {
  return written([&](CborWriter& writer) { writer.integer(value); });
}
std::string number(std::uint64_t value) {
  return written([&](CborWriter& writer) { writer.unsigned_integer(value); });
}
std::string floating(double value) {
  return written([&](CborWriter& writer) { writer.floating_point(value); });
}

TEST(CborWriter, WritesTheIntegersOfTheRfc) {
  EXPECT_EQ(integer(0), "00");
  EXPECT_EQ(integer(10), "0a");
  EXPECT_EQ(integer(23), "17");
  EXPECT_EQ(integer(24), "1818");
  EXPECT_EQ(integer(100), "1864");
  EXPECT_EQ(integer(1000), "1903e8");
  EXPECT_EQ(integer(1000000), "1a000f4240");
  EXPECT_EQ(integer(1000000000000), "1b000000e8d4a51000");
  EXPECT_EQ(number(18446744073709551615U), "1bffffffffffffffff");
  EXPECT_EQ(integer(-1), "20");
  EXPECT_EQ(integer(-10), "29");
  EXPECT_EQ(integer(-100), "3863");
  EXPECT_EQ(integer(-1000), "3903e7");
  EXPECT_EQ(integer(std::numeric_limits<std::int64_t>::min()), "3b7fffffffffffffff");
}

TEST(CborWriter, ChangesWidthExactlyWhereTheShorterOneEnds) {
  EXPECT_EQ(number(0xff), "18ff");
  EXPECT_EQ(number(0x100), "190100");
  EXPECT_EQ(number(0xffff), "19ffff");
  EXPECT_EQ(number(0x10000), "1a00010000");
  EXPECT_EQ(number(0xffffffff), "1affffffff");
  EXPECT_EQ(number(0x100000000), "1b0000000100000000");
}

TEST(CborWriter, WritesTheFloatsOfTheRfcInTheNarrowestWidth) {
  EXPECT_EQ(floating(0.0), "f90000");
  EXPECT_EQ(floating(-0.0), "f98000");
  EXPECT_EQ(floating(1.0), "f93c00");
  EXPECT_EQ(floating(1.1), "fb3ff199999999999a");
  EXPECT_EQ(floating(1.5), "f93e00");
  EXPECT_EQ(floating(65504.0), "f97bff");
  EXPECT_EQ(floating(100000.0), "fa47c35000");
  EXPECT_EQ(floating(3.4028234663852886e+38), "fa7f7fffff");
  EXPECT_EQ(floating(1.0e+300), "fb7e37e43c8800759c");
  EXPECT_EQ(floating(5.960464477539063e-8), "f90001");
  EXPECT_EQ(floating(0.00006103515625), "f90400");
  EXPECT_EQ(floating(-4.0), "f9c400");
  EXPECT_EQ(floating(-4.1), "fbc010666666666666");
  EXPECT_EQ(floating(INFINITY), "f97c00");
  EXPECT_EQ(floating(-INFINITY), "f9fc00");
  EXPECT_EQ(floating(NAN), "f97e00");
  EXPECT_EQ(floating(std::numeric_limits<double>::max()), "fb7fefffffffffffff");
  EXPECT_EQ(floating(5e-324), "fb0000000000000001");
}

TEST(CborWriter, WritesEveryHalfPrecisionNumberInTwoBytes) {
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const unsigned exponent = bits >> 10 & 31;
    const double fraction = bits & 1023;
    if (exponent == 31 && fraction != 0) continue;  // one NaN stands for all
    const double size = exponent == 31  ? INFINITY
                        : exponent == 0 ? fraction * std::pow(2.0, -24)
                                        : (1 + fraction / 1024) * std::pow(2.0, int(exponent) - 15);
    const std::array<std::uint8_t, 3> expected = {0xf9, static_cast<std::uint8_t>(bits >> 8),
                                                  static_cast<std::uint8_t>(bits)};
    ASSERT_EQ(floating(bits >> 15 != 0 ? -size : size), to_hex(expected));
  }
}

TEST(CborWriter, WritesStringsAndContainers) {
  EXPECT_EQ(written([](CborWriter& w) { w.byte_string({}); }), "40");
  EXPECT_EQ(written([](CborWriter& w) { w.byte_string(bytes("01020304")); }), "4401020304");
  EXPECT_EQ(written([](CborWriter& w) { w.text_string("IETF"); }), "6449455446");
  EXPECT_EQ(written([](CborWriter& w) { w.text_string("\u00fc"); }), "62c3bc");
  EXPECT_EQ(written([](CborWriter& w) { w.array(0); }), "80");
  EXPECT_EQ(written([](CborWriter& w) { w.map(1), w.integer(1), w.integer(2); }), "a10102");
  EXPECT_EQ(written([](CborWriter& w) { w.tag(1), w.integer(1363896240); }), "c11a514b67b0");
  EXPECT_EQ(written([](CborWriter& w) { w.boolean(false), w.boolean(true); }), "f4f5");
}

TEST(CborCursor, ReadsWhatTheWriterWrites) {
  const auto encoded = bytes(
      "83"
      "1903e8"
      "3903e7"
      "a1"
      "644945544643010203");
  CborCursor cursor(encoded);
  EXPECT_EQ(cursor.array(), 3U);
  EXPECT_EQ(cursor.unsigned_integer(), 1000U);
  EXPECT_EQ(cursor.integer(), -1000);
  EXPECT_EQ(cursor.map(), 1U);
  EXPECT_EQ(cursor.text_string(), "IETF");
  EXPECT_EQ(to_hex(cursor.byte_string()), "010203");
  EXPECT_TRUE(cursor.finished());
}

Problem problem_of(std::string_view hex) {
  const auto encoded = bytes(hex);
  CborCursor cursor(encoded);
  cursor.item();
  return cursor.problem();
}

TEST(CborCursor, RefusesWhatIsNotDeterministic) {
  EXPECT_EQ(problem_of("1817"), Problem::not_shortest);
  EXPECT_EQ(problem_of("1900ff"), Problem::not_shortest);
  EXPECT_EQ(problem_of("1a0000ffff"), Problem::not_shortest);
  EXPECT_EQ(problem_of("1b00000000ffffffff"), Problem::not_shortest);
  EXPECT_EQ(problem_of("580101"), Problem::not_shortest);
  EXPECT_EQ(problem_of("f814"), Problem::not_shortest);
  EXPECT_EQ(problem_of("5f4101ff"), Problem::indefinite_or_reserved);
  EXPECT_EQ(problem_of("9fff"), Problem::indefinite_or_reserved);
  EXPECT_EQ(problem_of("1c"), Problem::indefinite_or_reserved);
  EXPECT_EQ(problem_of("ff"), Problem::indefinite_or_reserved);
}

TEST(CborCursor, ComparesLengthsWithWhatIsThere) {
  for (const char* const hex :
       {"", "18", "19ff", "1bffffffffffffff", "42ff", "5bffffffffffffffff", "7b7fffffffffffffff61",
        "82ff00", "81", "a1", "a101", "9bffffffffffffffff00", "bbffffffffffffffff0000", "c1"})
    EXPECT_NE(problem_of(hex), Problem::none) << hex;
}

TEST(CborCursor, PassesOverNestingUpToEightAndNoDeeper) {
  EXPECT_EQ(problem_of("8181818181818100"), Problem::none);
  EXPECT_EQ(problem_of("818181818181818100"), Problem::too_deep);
  EXPECT_EQ(problem_of(std::string(200000, '8')), Problem::too_deep);
}

TEST(CborCursor, KeepsItsFirstFailureAndReadsNothingMore) {
  const auto encoded = bytes("1817010203");
  CborCursor cursor(encoded);
  EXPECT_EQ(cursor.unsigned_integer(), 0U);
  EXPECT_TRUE(cursor.failed());
  EXPECT_EQ(cursor.problem(), Problem::not_shortest);
  EXPECT_EQ(cursor.integer(), 0);
  EXPECT_TRUE(cursor.byte_string().empty());
  EXPECT_EQ(cursor.array(), 0U);
  EXPECT_TRUE(cursor.text_string().empty());
  EXPECT_TRUE(cursor.item().empty());
  EXPECT_EQ(cursor.problem(), Problem::not_shortest);
  EXPECT_FALSE(cursor.finished());
}

TEST(CborCursor, RefusesIntegersThatDoNotFit) {
  const auto read = [](std::string_view hex) {
    const auto encoded = bytes(hex);
    CborCursor cursor(encoded);
    cursor.integer();
    return cursor.problem();
  };
  EXPECT_EQ(read("1b7fffffffffffffff"), Problem::none);
  EXPECT_EQ(read("1b8000000000000000"), Problem::too_large);
  EXPECT_EQ(read("3b7fffffffffffffff"), Problem::none);
  EXPECT_EQ(read("3b8000000000000000"), Problem::too_large);
  EXPECT_EQ(read("40"), Problem::no_number);
}

TEST(CborReader, ThrowsWhereTheCursorFails) {
  const auto encoded = bytes("1817");
  CborReader reader(encoded);
  try {
    reader.head();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_THAT(error.what(), testing::HasSubstr("shortest form"));
  }
}

TEST(Utf8, IsToldFromBytesThatAreNone) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("plain"));
  EXPECT_TRUE(is_utf8("\xc3\xbc \xe2\x82\xac \xf0\x9f\xa9\xba \xf4\x8f\xbf\xbf \xed\x9f\xbf"));
  for (const char* const text :
       {"\x80", "\xc3", "\xc3(", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80",
        "\xff", "\xe2\x82", "ok\xe2"})
    EXPECT_FALSE(is_utf8(text)) << to_hex(as_bytes(text));
}

}  // namespace
}  // namespace salus
