// Statements: what is taken, what it says, and what is refused.
#include "node/statement/statement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <functional>
#include <initializer_list>
#include <string>

#include "engine/cbor_writer.h"
#include "engine/error.h"
#include "node/statement/cose_sign1.h"
#include "tests/node/statement/vectors.h"

namespace salus::node::test {
namespace {

using engine::signature::Reason;

using Encoded = std::vector<std::uint8_t>;

Encoded cbor(const std::function<void(CborWriter&)>& write) {
  Encoded out;
  CborWriter writer(out);
  write(writer);
  return out;
}

Encoded label(std::int64_t number) {
  return cbor([&](CborWriter& writer) { writer.integer(number); });
}
Encoded text(std::string_view content) {
  return cbor([&](CborWriter& writer) { writer.text_string(content); });
}

/// Pairs of a map, each item encoded, in the order in which they are written.
using Pairs = std::vector<std::pair<Encoded, Encoded>>;

Encoded map_of(const Pairs& pairs) {
  return cbor([&](CborWriter& writer) {
    writer.map(pairs.size());
    for (const auto& [key, value] : pairs) {
      writer.encoded(key);
      writer.encoded(value);
    }
  });
}

Pairs good_claims() {
  return {{label(1), text("ward-3")},
          {label(2), text("patient-7")},
          {label(6), label(1700000000)},
          {text("seq"), label(42)}};
}

Pairs good_header() {
  return {{label(1), label(-8)},
          {label(3), label(112)},
          {label(4), cbor([](CborWriter& writer) { writer.byte_string(Encoded(16, 7)); })},
          {label(15), map_of(good_claims())}};
}

/// A message that nobody signed: parsing does not look at signatures.
Encoded message_of(const Encoded& header, const Encoded& unprotected = map_of({}),
                   std::size_t signature_bytes = 64) {
  return cbor([&](CborWriter& writer) {
    writer.tag(18);
    writer.array(4);
    writer.byte_string(header);
    writer.encoded(unprotected);
    writer.byte_string(Encoded{0x80});
    writer.byte_string(Encoded(signature_bytes));
  });
}

Encoded with_header(const Pairs& header) { return message_of(map_of(header)); }

Encoded with_claims(const Pairs& claims) {
  Pairs header = good_header();
  header[3].second = map_of(claims);
  return with_header(header);
}

/// The good header with the value of one label replaced.
Encoded with_value(std::size_t index, Encoded value) {
  Pairs header = good_header();
  header[index].second = std::move(value);
  return with_header(header);
}

TEST(Statement, SaysWhatItsSignerPutIntoIt) {
  const SigningKey key = ed25519_key();
  const Encoded payload = {0x81, 0xa2, 0x00, 0x61, 'x', 0x02, 0x01};
  const Encoded message = make_statement(key, payload);
  const Statement statement = parsed(message);
  EXPECT_EQ(statement.algorithm, Algorithm::ed25519);
  EXPECT_EQ(statement.type, ContentType::senml_cbor);
  EXPECT_EQ(statement.signer, key.id());
  EXPECT_EQ(statement.issuer, "ward-3");
  EXPECT_EQ(statement.subject, "patient-7");
  EXPECT_EQ(statement.issued_at, 1700000000);
  EXPECT_EQ(statement.sequence, 42U);
  EXPECT_TRUE(std::ranges::equal(statement.payload, payload));
  EXPECT_EQ(statement.message.data(), message.data());
  EXPECT_EQ(statement.message.size(), message.size());
  EXPECT_EQ(verdict(statement, key.public_key()), Reason::valid);
}

TEST(Statement, IsReadInAnyOrderOfItsLabels) {
  Pairs header = good_header();
  Pairs claims = good_claims();
  std::ranges::reverse(claims);
  header[3].second = map_of(claims);
  do {
    const Encoded message = with_header(header);
    const Statement statement = parsed(message);
    EXPECT_EQ(statement.sequence, 42U);
    EXPECT_EQ(statement.issuer, "ward-3");
  } while (std::ranges::next_permutation(header).found);
}

TEST(Statement, NamesAlgorithmsOldAndNew) {
  for (const auto& [number, algorithm] :
       {std::pair{-8, Algorithm::ed25519}, std::pair{-19, Algorithm::ed25519},
        std::pair{-7, Algorithm::p256}, std::pair{-9, Algorithm::p256}}) {
    const Encoded message = with_value(0, label(number));
    EXPECT_EQ(parsed(message).algorithm, algorithm) << number;
  }
}

TEST(Statement, NamesTypesByTextAndThoseOfCoapByNumber) {
  for (int i = 0; i <= static_cast<int>(ContentType::validator); ++i) {
    const auto type = static_cast<ContentType>(i);
    const Encoded message = with_value(1, text(media_type(type)));
    EXPECT_EQ(parsed(message).type, type);
    EXPECT_EQ(content_type_from_media_type(media_type(type)), type);
  }
  EXPECT_EQ(parsed(with_value(1, label(110))).type, ContentType::senml_json);
  EXPECT_EQ(parsed(with_value(1, label(112))).type, ContentType::senml_cbor);
}

TEST(Statement, IssuerAndSubjectMayBeLeftOut) {
  const Pairs claims = good_claims();
  const Encoded message = with_claims({claims[2], claims[3]});
  EXPECT_EQ(parsed(message).issuer, "");
  EXPECT_EQ(parsed(message).subject, "");
}

TEST(Statement, RefusesAlgorithmsAndTypesThatAreNoneOfOurs) {
  for (const std::int64_t number : {-35, -36, -37, 0, 1, -6, -10, -18, -20, -257})
    EXPECT_EQ(refusal_of(with_value(0, label(number))), Refusal::unsupported_algorithm) << number;
  EXPECT_EQ(refusal_of(with_value(0, text("ES256"))), Refusal::unsupported_algorithm);
  EXPECT_EQ(refusal_of(with_value(1, label(0))), Refusal::unsupported_type);
  EXPECT_EQ(refusal_of(with_value(1, label(60))), Refusal::unsupported_type);
  EXPECT_EQ(refusal_of(with_value(1, text("text/plain"))), Refusal::unsupported_type);
  EXPECT_EQ(refusal_of(with_value(1, text(""))), Refusal::unsupported_type);
}

TEST(Statement, RefusesHeadersOfAnotherForm) {
  const Pairs header = good_header();
  for (std::size_t left_out = 0; left_out < header.size(); ++left_out) {
    Pairs fewer = header;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(left_out));
    EXPECT_EQ(refusal_of(with_header(fewer)), Refusal::malformed);
    for (std::size_t twice = 0; twice < header.size(); ++twice) {
      Pairs repeated = header;
      repeated[left_out] = repeated[twice];
      if (left_out == twice) continue;
      EXPECT_EQ(refusal_of(with_header(repeated)), Refusal::malformed);
    }
  }
  Pairs more = header;
  more.emplace_back(label(2), map_of({}));
  EXPECT_EQ(refusal_of(with_header(more)), Refusal::malformed);
  more.back() = {label(5), label(1)};
  EXPECT_EQ(refusal_of(with_header(more)), Refusal::malformed);
  more.back() = {text("own"), label(1)};
  EXPECT_EQ(refusal_of(with_header(more)), Refusal::malformed);
  EXPECT_EQ(refusal_of(message_of({})), Refusal::malformed);
  Encoded behind = map_of(header);
  behind.push_back(0);
  EXPECT_EQ(refusal_of(message_of(behind)), Refusal::malformed);
}

TEST(Statement, RefusesValuesOfAnotherKind) {
  const auto bytes = [](std::size_t size) {
    return cbor([&](CborWriter& writer) { writer.byte_string(Encoded(size)); });
  };
  EXPECT_EQ(refusal_of(with_value(0, bytes(1))), Refusal::malformed);
  EXPECT_EQ(refusal_of(with_value(1, label(-1))), Refusal::malformed);
  EXPECT_EQ(refusal_of(with_value(1, bytes(1))), Refusal::malformed);
  for (const std::size_t size : {0, 8, 15, 17, 32})
    EXPECT_EQ(refusal_of(with_value(2, bytes(size))), Refusal::malformed) << size;
  EXPECT_EQ(refusal_of(with_value(2, text("sixteen letters!"))), Refusal::malformed);
  EXPECT_EQ(refusal_of(with_value(3, label(1))), Refusal::malformed);
}

TEST(Statement, RefusesClaimsOfAnotherForm) {
  const Pairs good = good_claims();
  const auto refused = [](const Pairs& claims) {
    return refusal_of(with_claims(claims)) == Refusal::malformed;
  };
  EXPECT_TRUE(refused({}));
  EXPECT_TRUE(refused({good[0], good[1], good[2]}));                        // no seq
  EXPECT_TRUE(refused({good[0], good[1], good[3]}));                        // no iat
  EXPECT_TRUE(refused({good[0], good[0], good[2], good[3]}));               // iss twice
  EXPECT_TRUE(refused({good[1], good[1], good[2], good[3]}));               // sub twice
  EXPECT_TRUE(refused({good[2], good[2], good[3]}));                        // iat twice
  EXPECT_TRUE(refused({good[2], good[3], good[3]}));                        // seq twice
  EXPECT_TRUE(refused({good[2], good[3], {label(4), label(1800000000)}}));  // exp
  EXPECT_TRUE(refused({good[2], good[3], {text("sec"), label(1)}}));
  EXPECT_TRUE(refused({{label(6), label(-1)}, good[3]}));
  EXPECT_TRUE(refused({{label(6), label(kLatestTime + 1)}, good[3]}));
  EXPECT_TRUE(refused({{label(6), Encoded{0xf9, 0x3c, 0x00}}, good[3]}));  // 1.0
  EXPECT_TRUE(refused({good[2], {text("seq"), label(-1)}}));
  EXPECT_TRUE(refused({{label(1), text("")}, good[2], good[3]}));
  EXPECT_TRUE(refused({{label(2), label(7)}, good[2], good[3]}));
  EXPECT_TRUE(refused({{label(2), text(std::string(256, 's'))}, good[2], good[3]}));
  EXPECT_TRUE(refused({{label(2), text("two\nlines")}, good[2], good[3]}));
  EXPECT_TRUE(refused({{label(2), text("\x1b[2J")}, good[2], good[3]}));
  EXPECT_TRUE(refused({{label(2), text("\xc2\x9b"
                                       "2J")},
                       good[2],
                       good[3]}));  // CSI of C1
  EXPECT_TRUE(refused({{label(2), text("\xff")}, good[2], good[3]}));
}

TEST(Statement, TakesClaimsUpToTheirLimits) {
  const std::string longest(255, 's');
  const Encoded message = with_claims(
      {{label(1), text(longest)},
       {label(2), text("\xc3\xbc\xc2\xa0")},
       {label(6), label(kLatestTime)},
       {text("seq"), cbor([](CborWriter& w) { w.unsigned_integer(~std::uint64_t{0}); })}});
  const Statement statement = parsed(message);
  EXPECT_EQ(statement.issuer, longest);
  EXPECT_EQ(statement.issued_at, kLatestTime);
  EXPECT_EQ(statement.sequence, ~std::uint64_t{0});
}

TEST(Statement, RefusesAnythingThatIsNotSigned) {
  const Encoded header = map_of(good_header());
  EXPECT_EQ(refusal_of(message_of(header, map_of({{label(4), label(1)}}))), Refusal::malformed);
}

TEST(Statement, RefusesSignaturesOfAnotherLength) {
  const Encoded header = map_of(good_header());
  for (const std::size_t size : {0, 1, 63, 65, 72})
    EXPECT_EQ(refusal_of(message_of(header, map_of({}), size)), Refusal::malformed) << size;
}

TEST(Statement, RefusesOtherTagsAndShapes) {
  const Encoded good = with_header(good_header());
  const Encoded untagged(good.begin() + 1, good.end());
  EXPECT_EQ(refusal_of(untagged), Refusal::malformed);
  for (const std::uint8_t tag : std::initializer_list<std::uint8_t>{0xd1, 0xd3, 0xc0}) {
    Encoded other = good;
    other[0] = tag;
    EXPECT_EQ(refusal_of(other), Refusal::malformed);
  }
  Encoded twice = {0xd2};
  twice.insert(twice.end(), good.begin(), good.end());
  EXPECT_EQ(refusal_of(twice), Refusal::malformed);
  EXPECT_EQ(refusal_of({}), Refusal::malformed);
  // nil for a payload: detached.
  const Encoded detached = cbor([](CborWriter& writer) {
    writer.tag(18);
    writer.array(4);
    writer.byte_string(map_of(good_header()));
    writer.map(0);
    writer.encoded(Encoded{0xf6});
    writer.byte_string(Encoded(64));
  });
  EXPECT_EQ(refusal_of(detached), Refusal::malformed);
}

TEST(Statement, RefusesHeadsThatAreNotTheShortest) {
  const Encoded good = with_header(good_header());
  ASSERT_EQ(good[1], 0x84);
  Encoded wide_array = good;
  wide_array[1] = 0x98;
  wide_array.insert(wide_array.begin() + 2, 4);
  EXPECT_EQ(refusal_of(wide_array), Refusal::malformed);
  Encoded endless = good;
  endless[1] = 0x9f;
  endless.push_back(0xff);
  EXPECT_EQ(refusal_of(endless), Refusal::malformed);
  const Encoded wide_number = with_value(0, Encoded{0x38, 0x07});
  EXPECT_EQ(refusal_of(wide_number), Refusal::malformed);
}

TEST(Statement, RefusesNestingHoweverDeep) {
  const Encoded header = map_of(good_header());
  EXPECT_EQ(refusal_of(message_of(header, Encoded(60000, 0x81))), Refusal::malformed);
  EXPECT_EQ(refusal_of(with_value(3, Encoded(60000, 0xa1))), Refusal::malformed);
  EXPECT_EQ(refusal_of(Encoded(60000, 0xd2)), Refusal::malformed);
}

TEST(Statement, RefusesLengthsThatLie) {
  const Encoded good = with_header(good_header());
  for (const std::string_view lie : {"5bffffffffffffffff", "5a7fffffff", "59ffff", "58ff"}) {
    const Encoded head = unhex(lie);
    Encoded message(good.begin(), good.begin() + 2);
    message.insert(message.end(), head.begin(), head.end());
    message.insert(message.end(), good.begin() + 4, good.end());
    EXPECT_EQ(refusal_of(message), Refusal::malformed) << lie;
  }
  EXPECT_EQ(refusal_of(with_value(3, unhex("bbffffffffffffffff"))), Refusal::malformed);
}

TEST(Statement, RefusesWhatIsLongerThanTheChainPermits) {
  const SigningKey key = ed25519_key();
  const Encoded message = make_statement(key, Encoded(1000));
  EXPECT_TRUE(std::holds_alternative<Statement>(parse_statement(message, message.size())));
  const auto result = parse_statement(message, message.size() - 1);
  EXPECT_EQ(std::get<Refusal>(result), Refusal::oversize);
  EXPECT_EQ(refusal_of(Encoded(kDefaultStatementBytes + 1)), Refusal::oversize);
  const auto huge = parse_statement(Encoded(kMaxStatementBytes + 1), 2 * kMaxStatementBytes);
  EXPECT_EQ(std::get<Refusal>(huge), Refusal::oversize);
}

class EachAlgorithm : public testing::TestWithParam<Algorithm> {
 protected:
  [[nodiscard]] static SigningKey key() {
    return GetParam() == Algorithm::ed25519 ? ed25519_key() : p256_key();
  }
};

INSTANTIATE_TEST_SUITE_P(Statement, EachAlgorithm,
                         testing::Values(Algorithm::ed25519, Algorithm::p256),
                         [](const auto& test) {
                           return std::string(engine::signature::to_string(test.param));
                         });

constexpr std::array<std::uint8_t, 9> kChanges = {0x01, 0x02, 0x04, 0x08, 0x10,
                                                  0x20, 0x40, 0x80, 0xff};

TEST_P(EachAlgorithm, EveryChangedByteIsRefusedOrBreaksTheSignature) {
  const SigningKey signer = key();
  Encoded message = make_statement(signer, unhex("81a200617802fb3ff199999999999a"));
  const Digest id = statement_id(parsed(message));
  for (std::size_t i = 0; i < message.size(); ++i) {
    for (const std::uint8_t change : kChanges) {
      message[i] ^= change;
      const auto result = parse_statement(message);
      if (const auto* const statement = std::get_if<Statement>(&result)) {
        EXPECT_NE(verdict(*statement, signer.public_key()), Reason::valid) << i;
        const bool in_signature = i >= message.size() - 64;
        EXPECT_EQ(statement_id(*statement) == id, in_signature) << i;
      }
      message[i] ^= change;
    }
  }
  EXPECT_EQ(verdict(parsed(message), signer.public_key()), Reason::valid);
}

TEST_P(EachAlgorithm, EveryTruncationAndEveryByteBehindIsRefused) {
  const Encoded message = make_statement(key(), unhex("81a200617802fb3ff199999999999a"));
  for (std::size_t size = 0; size < message.size(); ++size)
    EXPECT_EQ(refusal_of(Bytes(message).first(size)), Refusal::malformed) << size;
  Encoded longer = message;
  longer.push_back(0);
  for (unsigned byte = 0; byte < 256; ++byte) {
    longer.back() = static_cast<std::uint8_t>(byte);
    EXPECT_EQ(refusal_of(longer), Refusal::malformed) << byte;
  }
}

TEST_P(EachAlgorithm, HasOneIdHoweverItIsSigned) {
  // The same header and payload under another signature.
  const Encoded message = make_statement(key(), Encoded{0x80});
  Encoded again = message;
  std::fill(again.end() - 64, again.end(), std::uint8_t{1});
  EXPECT_EQ(statement_id(parsed(message)), statement_id(parsed(again)));
}

TEST(Statement, SignsTheStructureOfTheRfc) {
  const SigningKey key = ed25519_key();
  for (const std::size_t size : {0, 1, 23, 24, 255, 256, 65000}) {
    const Encoded message = make_statement(key, Encoded(size, 5));
    const Statement statement = parsed(message);
    Encoded signed_bytes = {9};  // something in front stays
    append_signed_bytes(statement, signed_bytes);
    ASSERT_EQ(signed_bytes.size(), 1 + signed_bytes_size(statement));
    const Encoded expected = cbor([&](CborWriter& writer) {
      writer.array(4);
      writer.text_string("Signature1");
      writer.byte_string(statement.protected_header);
      writer.byte_string({});
      writer.byte_string(statement.payload);
    });
    EXPECT_TRUE(std::ranges::equal(Bytes(signed_bytes).subspan(1), expected));
    Digest digest;
    SHA256(expected.data(), expected.size(), digest.data());
    EXPECT_EQ(statement_id(statement), digest);
  }
}

TEST(SignStatement, WritesDeterministicCbor) {
  // Put together by hand: labels ascending, shortest heads, -8 and 112 for names.
  const SigningKey key = ed25519_key();
  const Encoded message = make_statement(key, Encoded{0x80});
  const std::string expected =
      "d284"
      "5839"
      "a4"
      "0127"
      "031870"
      "0450" +
      to_hex(key.id()) +
      "0fa4"
      "0166776172642d33"
      "0269"
      "70617469656e742d37"
      "061a6553f100"
      "63736571"
      "182a"
      "a0"
      "4180"
      "5840";
  EXPECT_EQ(to_hex(Bytes(message).first(message.size() - 64)), expected);
}

TEST(SignStatement, LeavesOutWhatIsNotSaid) {
  const SigningKey key = p256_key();
  const Encoded message =
      sign_statement(key, {.issuer = {}, .subject = {}, .issued_at = 0, .sequence = 0},
                     ContentType::data_seal, Encoded{});
  const Statement statement = parsed(message);
  EXPECT_EQ(statement.algorithm, Algorithm::p256);
  EXPECT_EQ(statement.type, ContentType::data_seal);
  EXPECT_TRUE(statement.issuer.empty());
  EXPECT_TRUE(statement.subject.empty());
  EXPECT_TRUE(statement.payload.empty());
}

TEST(SignStatement, RefusesClaimsThatNobodyWouldTake) {
  const SigningKey key = ed25519_key();
  const auto sign = [&](const Claims& claims) {
    return sign_statement(key, claims, ContentType::senml_cbor, Encoded{0x80});
  };
  const std::string too_long(256, 's');
  EXPECT_THROW(sign({.issuer = "a\nb", .subject = {}}), Error);
  EXPECT_THROW(sign({.issuer = {}, .subject = too_long}), Error);
  EXPECT_THROW(sign({.issuer = {}, .subject = {}, .issued_at = -1}), Error);
  EXPECT_THROW(sign({.issuer = {}, .subject = {}, .issued_at = kLatestTime + 1}), Error);
  EXPECT_THROW(sign_statement(key, {}, ContentType::senml_json, Encoded(kMaxStatementBytes)),
               Error);
}

TEST(Refusal, NamesAreDistinct) {
  std::vector<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Refusal::overloaded); ++i)
    names.push_back(to_string(static_cast<Refusal>(i)));
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

}  // namespace
}  // namespace salus::node::test
