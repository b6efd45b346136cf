// SenML packs: the examples of RFC 8428, what else is taken, and what is refused.
#include "node/statement/senml.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tests/node/statement/vectors.h"

namespace salus::node::test {
namespace {

using Json = nlohmann::json;

bool is_pack(std::string_view hex) { return is_senml_pack(unhex(hex)); }

/// A pack of one record {n: "x", v: VALUE}.
bool takes_value(std::string_view hex) { return is_pack("81a200617802" + std::string(hex)); }

double value_of(std::string_view hex) {
  const auto payload = unhex("81a200617802" + std::string(hex));
  const auto measurements = resolve_senml(payload, 0);
  return measurements ? std::get<double>(measurements->at(0).value) : NAN;
}

// RFC 8428, section 6.
constexpr const char* kRfcExample =
    "87a721781b75726e3a6465763a6f773a3130653230373361303130383030363a22fb41d303a15b00106223614120"
    "050067766f6c7461676501615602fb405e066666666666a3006763757272656e74062402fb3ff3333333333333a3"
    "006763757272656e74062302fb3ff4cccccccccccda3006763757272656e74062202fb3ff6666666666666a30067"
    "63757272656e74062102f93e00a3006763757272656e74062002fb3ff999999999999aa3006763757272656e7406"
    "0002fb3ffb333333333333";

TEST(Senml, ReadsTheExampleOfTheRfc) {
  const auto payload = unhex(kRfcExample);
  const auto measurements = resolve_senml(payload, 1700000000).value();
  ASSERT_EQ(measurements.size(), 7U);
  EXPECT_EQ(measurements[0].name, "urn:dev:ow:10e2073a0108006:voltage");
  EXPECT_EQ(measurements[0].unit, "V");
  EXPECT_EQ(measurements[0].time, 1276020076.001);
  EXPECT_EQ(std::get<double>(measurements[0].value), 120.1);
  EXPECT_EQ(measurements[1].name, "urn:dev:ow:10e2073a0108006:current");
  EXPECT_EQ(measurements[1].unit, "A");
  EXPECT_EQ(measurements[1].time, 1276020071.001);
  EXPECT_EQ(std::get<double>(measurements[4].value), 1.5);
}

TEST(Senml, ReadsAndResolvesAllExamplesOfTheRfc) {
  for (const Json& vector : read_json("senml/rfc8428.json")) {
    const auto payload = unhex(vector.at("cbor").get<std::string>());
    EXPECT_TRUE(is_senml_pack(payload)) << vector.at("name");
    if (!vector.contains("resolved")) continue;
    const auto measurements = resolve_senml(payload, 1700000000).value();
    const Json& expected = vector.at("resolved");
    ASSERT_EQ(measurements.size(), expected.size());
    for (std::size_t i = 0; i < measurements.size(); ++i) {
      EXPECT_EQ(measurements[i].name, expected[i].at("n").get<std::string>());
      EXPECT_EQ(measurements[i].unit, expected[i].value("u", ""));
      EXPECT_EQ(measurements[i].time, expected[i].at("t").get<double>());
      EXPECT_EQ(std::get<double>(measurements[i].value), expected[i].at("v").get<double>());
    }
  }
}

TEST(Senml, ReadsEveryKindOfValue) {
  const auto good = unhex(
      "85"
      "a200616102f93e00"
      "a2006162036568656c6c6f"
      "a200616304f5"
      "a20061640843010203"
      "a20061650507");
  const auto measurements = resolve_senml(good, 0).value();
  ASSERT_EQ(measurements.size(), 5U);
  EXPECT_EQ(std::get<double>(measurements[0].value), 1.5);
  EXPECT_EQ(std::get<std::string_view>(measurements[1].value), "hello");
  EXPECT_TRUE(std::get<bool>(measurements[2].value));
  EXPECT_EQ(to_hex(std::get<Bytes>(measurements[3].value)), "010203");
  EXPECT_TRUE(std::holds_alternative<std::monostate>(measurements[4].value));
  EXPECT_EQ(measurements[4].sum, 7.0);
}

TEST(Senml, ReadsEveryKindOfNumber) {
  EXPECT_EQ(value_of("00"), 0.0);
  EXPECT_EQ(value_of("1903e8"), 1000.0);
  EXPECT_EQ(value_of("1bffffffffffffffff"), 18446744073709551616.0);
  EXPECT_EQ(value_of("3903e7"), -1000.0);
  EXPECT_EQ(value_of("3bffffffffffffffff"), -18446744073709551616.0);
  EXPECT_EQ(value_of("f93e00"), 1.5);
  EXPECT_EQ(value_of("f90001"), 5.960464477539063e-8);
  EXPECT_EQ(value_of("f97bff"), 65504.0);
  EXPECT_EQ(value_of("f9c400"), -4.0);
  EXPECT_EQ(value_of("fa47c35000"), 100000.0);
  EXPECT_EQ(value_of("fb3ff199999999999a"), 1.1);
  EXPECT_EQ(value_of("c48221196ab3"), 273.15);  // RFC 8949, 3.4.4
  EXPECT_EQ(value_of("c4822019016e"), 36.6);
  EXPECT_EQ(value_of("c48203"
                     "20"),
            -1000.0);
  EXPECT_EQ(value_of("c482"
                     "38c7"
                     "01"),
            1e-200);
  EXPECT_EQ(value_of("c482"
                     "39018f"
                     "01"),
            0.0);  // 1e-400
}

TEST(Senml, RefusesNumbersThatAreNone) {
  for (const char* const hex : {"f97c00",
                                "f9fc00",
                                "f97e00",
                                "fa7f800000",
                                "fa7fc00000",
                                "fb7ff0000000000000",
                                "fb7ff8000000000000",
                                "c482190190"
                                "01",
                                "c482"
                                "390190"
                                "01",
                                "c4821901f4"
                                "01",
                                "c482190135"
                                "01",
                                "c48100",
                                "c4830000"
                                "00",
                                "c482"
                                "f93c00"
                                "01",
                                "c482"
                                "00"
                                "c24101",
                                "c58200"
                                "01",
                                "c24101",
                                "f5",
                                "f6",
                                "6131",
                                "4131",
                                "80",
                                "e0",
                                "f820"})
    EXPECT_FALSE(takes_value(hex)) << hex;
}

TEST(Senml, TimesBelowTwoToThe28CountFromTheStatement) {
  const auto time_of = [](std::string_view hex) {
    const auto payload = unhex(
        "81a3006178"
        "0201"
        "06" +
        std::string(hex));
    return resolve_senml(payload, 1700000000).value().at(0).time;
  };
  EXPECT_EQ(time_of("00"), 1700000000.0);
  EXPECT_EQ(time_of("24"), 1699999995.0);
  EXPECT_EQ(time_of("1a0fffffff"), 1700000000.0 + 268435455.0);
  EXPECT_EQ(time_of("1a10000000"), 268435456.0);
  EXPECT_EQ(time_of("1a6553f100"), 1700000000.0);
}

TEST(Senml, BaseFieldsHoldUntilTheNext) {
  // {bn: "a:", bu: "V", bv: 10, bs: 2, n: "x", v: 1, s: 3}, {n: "y", u: "A", v: 2},
  // {bn: "b:", n: "x", v: 3}, {vs: "t"}
  const auto payload = unhex(
      "84"
      "a7"
      "00"
      "6178"
      "02"
      "01"
      "05"
      "03"
      "21"
      "62613a"
      "23"
      "6156"
      "24"
      "0a"
      "25"
      "02"
      "a3"
      "00"
      "6179"
      "01"
      "6141"
      "02"
      "02"
      "a3"
      "00"
      "6178"
      "02"
      "03"
      "21"
      "62623a"
      "a1"
      "03"
      "6174");
  const auto measurements = resolve_senml(payload, 0).value();
  ASSERT_EQ(measurements.size(), 4U);
  EXPECT_EQ(measurements[0].name, "a:x");
  EXPECT_EQ(measurements[0].unit, "V");
  EXPECT_EQ(std::get<double>(measurements[0].value), 11.0);
  EXPECT_EQ(measurements[0].sum, 5.0);
  EXPECT_EQ(measurements[1].name, "a:y");
  EXPECT_EQ(measurements[1].unit, "A");
  EXPECT_EQ(std::get<double>(measurements[1].value), 12.0);
  EXPECT_EQ(measurements[1].sum, 2.0);
  EXPECT_EQ(measurements[2].name, "b:x");
  EXPECT_EQ(std::get<double>(measurements[2].value), 13.0);
  EXPECT_EQ(measurements[3].name, "b:");
  EXPECT_EQ(std::get<std::string_view>(measurements[3].value), "t");
}

TEST(Senml, RefusesPacksAndRecordsOfAnotherForm) {
  EXPECT_FALSE(is_pack(""));
  EXPECT_FALSE(is_pack("80"));  // nothing in it
  EXPECT_FALSE(is_pack("a0"));
  EXPECT_FALSE(is_pack("81a0"));  // no field
  EXPECT_FALSE(is_pack("8180"));
  EXPECT_FALSE(is_pack("81a1006178"));  // neither value nor sum
  EXPECT_FALSE(
      is_pack("81a2006178"
              "0600"));
  EXPECT_FALSE(is_pack("81a10201"));  // no name
  EXPECT_FALSE(
      is_pack("81a3006178"
              "0201"
              "04f5"));  // two values
  EXPECT_FALSE(
      is_pack("81a3006178"
              "0201"
              "0202"));  // one twice
  EXPECT_FALSE(
      is_pack("81a3006178"
              "006179"
              "0201"));
  EXPECT_FALSE(
      is_pack("81a2006178"
              "020100"));  // something behind
  EXPECT_FALSE(
      is_pack("82a2006178"
              "0201"));  // one is missing
  EXPECT_FALSE(
      is_pack("9fa2006178"
              "0201ff"));  // indefinite: not for packs (RFC 8428, 6)
  EXPECT_FALSE(
      is_pack("81bf006178"
              "0201ff"));
  EXPECT_FALSE(is_pack("9bffffffffffffffff"));
  EXPECT_FALSE(is_pack("81bbffffffffffffffff"));
  EXPECT_TRUE(
      is_pack("81a2006178"
              "0201"));
}

TEST(Senml, RefusesLabelsThatAreNone) {
  EXPECT_FALSE(
      is_pack("81a3006178"
              "0201"
              "0901"));
  EXPECT_FALSE(
      is_pack("81a3006178"
              "0201"
              "2601"));  // -7
  EXPECT_FALSE(
      is_pack("81a3006178"
              "0201"
              "410101"));
  EXPECT_FALSE(
      is_pack("81a3006178"
              "0201"
              "f501"));
}

TEST(Senml, PassesOverExtensionsThatNeedNotBeUnderstood) {
  EXPECT_TRUE(
      is_pack("81a3006178"
              "0201"
              "63666f6f"
              "01"));  // foo: 1
  EXPECT_TRUE(
      is_pack("81a3006178"
              "0201"
              "63666f6f"
              "82016178"));
  EXPECT_FALSE(
      is_pack("81a3006178"
              "0201"
              "64666f6f5f"
              "01"));  // foo_: must be
  EXPECT_FALSE(
      is_pack("81a3006178"
              "0201"
              "6176"
              "01"));  // "v" in place of 2
  EXPECT_FALSE(
      is_pack("81a3006178"
              "0201"
              "62626e"
              "6161"));  // "bn"
  EXPECT_FALSE(
      is_pack("81a3006178"
              "0201"
              "63666f6f"
              "818181818181818100"));
}

TEST(Senml, NamesAreOfTheCharactersOfTheRfc) {
  const auto takes_name = [](std::string_view name) {
    std::vector<std::uint8_t> payload;
    SenmlRecord record;
    record.name = name;
    record.value = 1.0;
    append_senml({&record, 1}, payload);
    return is_senml_pack(payload);
  };
  EXPECT_TRUE(takes_name("urn:dev:ow:10e2073a01080063"));
  EXPECT_TRUE(takes_name("2001:db8::1/temp-a_b.c"));
  EXPECT_TRUE(takes_name(std::string(kMaxSenmlNameBytes, 'x')));
  for (const char* const name : {"_a", "-a", ":a", ".a", "/a", "a b", "a\n", "\xc3\xbc", "a?b"})
    EXPECT_FALSE(takes_name(name)) << name;
  EXPECT_FALSE(takes_name(std::string(kMaxSenmlNameBytes + 1, 'x')));
}

TEST(Senml, VersionsAreThoseThatAreUnderstood) {
  EXPECT_TRUE(
      is_pack("81a3006178"
              "0201"
              "2005"));
  EXPECT_TRUE(
      is_pack("81a3006178"
              "0201"
              "200a"));
  EXPECT_FALSE(
      is_pack("81a3006178"
              "0201"
              "200b"));
  EXPECT_FALSE(
      is_pack("81a3006178"
              "0201"
              "2000"));
  EXPECT_FALSE(
      is_pack("81a3006178"
              "0201"
              "20f94900"));  // 10.0
}

TEST(Senml, EveryTruncationOfThePackIsRefused) {
  const auto payload = unhex(kRfcExample);
  for (std::size_t size = 0; size < payload.size(); ++size)
    EXPECT_FALSE(is_senml_pack(Bytes(payload).first(size))) << size;
}

TEST(Senml, ChangedBytesAreReadTheSameWayByAllReaders) {
  auto payload = unhex(kRfcExample);
  for (std::size_t bit = 0; bit < 8 * payload.size(); ++bit) {
    payload[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    EXPECT_EQ(is_senml_pack(payload), resolve_senml(payload, 0).has_value()) << bit;
    payload[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
  }
}

TEST(Senml, WritesTheExampleOfTheRfcWithIntegersForWholeNumbers) {
  std::vector<SenmlRecord> records(7);
  records[0].base_name = "urn:dev:ow:10e2073a0108006:";
  records[0].base_time = 1276020076.001;
  records[0].base_unit = "A";
  records[0].base_version = 5;
  records[0].name = "voltage";
  records[0].unit = "V";
  records[0].value = 120.1;
  for (std::size_t i = 1; i < records.size(); ++i) {
    records[i].name = "current";
    records[i].time = static_cast<double>(i) - 6;
    records[i].value = std::round(10 * (1.1 + 0.1 * static_cast<double>(i))) / 10;
  }
  std::vector<std::uint8_t> out;
  append_senml(records, out);
  // The same records as the RFC's, with the fields in the order of deterministic CBOR.
  const auto ours = resolve_senml(out, 0).value();
  const auto payload = unhex(kRfcExample);
  const auto theirs = resolve_senml(payload, 0).value();
  ASSERT_EQ(ours.size(), theirs.size());
  EXPECT_EQ(out.size(), payload.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    EXPECT_EQ(ours[i].name, theirs[i].name);
    EXPECT_EQ(ours[i].unit, theirs[i].unit);
    EXPECT_EQ(ours[i].time, theirs[i].time);
    EXPECT_EQ(std::get<double>(ours[i].value), std::get<double>(theirs[i].value));
  }
}

TEST(Senml, WritesAllFields) {
  const std::vector<std::uint8_t> data = {1, 2};
  SenmlRecord record;
  record.base_name = "";
  record.base_time = -0.0;
  record.base_unit = "";
  record.base_value = 0.5;
  record.base_sum = 1e300;
  record.base_version = 10;
  record.name = "x";
  record.unit = "Cel";
  record.value = Bytes(data);
  record.sum = -3.0;
  record.time = 9007199254740993.0;
  record.update_time = 60.0;
  std::vector<std::uint8_t> out;
  append_senml({&record, 1}, out);
  EXPECT_EQ(to_hex(out),
            "81ac"
            "006178"
            "016343656c"
            "0522"
            "061b0020000000000000"
            "07183c"
            "08420102"
            "200a"
            "2160"
            "22f98000"
            "2360"
            "24f93800"
            "25fb7e37e43c8800759c");
  EXPECT_TRUE(is_senml_pack(out));
}

}  // namespace
}  // namespace salus::node::test
