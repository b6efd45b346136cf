// Key ids: thumbprints of published keys.
#include "node/statement/key_id.h"

#include <gtest/gtest.h>

#include "engine/signature/cose_key.h"
#include "tests/node/statement/vectors.h"

namespace salus::node::test {
namespace {

using engine::signature::encode_cose_key;
using engine::signature::parse_cose_key;
using engine::signature::parse_public_key;

// RFC 9679, section 6.
constexpr const char* kRfcKey =
    "a40102200121582065eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d"
    "2258201e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c";
constexpr const char* kRfcThumbprint =
    "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec";

TEST(KeyId, IsTheThumbprintOfTheRfcCut) {
  const PublicKey key = parse_cose_key(unhex(kRfcKey));
  EXPECT_EQ(to_hex(key_thumbprint(key)), kRfcThumbprint);
  EXPECT_EQ(to_hex(key_id(key)), std::string(kRfcThumbprint).substr(0, 32));
}

TEST(KeyId, IsTheSameForEveryFormOfAKey) {
  const auto id = key_id(parse_cose_key(unhex(kRfcKey)));
  // With the key id that the RFC puts into it, with labels in another order, and as a point.
  EXPECT_EQ(key_id(parse_cose_key(
                unhex("a501022001215820"
                      "65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d225820"
                      "1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c025820" +
                      std::string(kRfcThumbprint)))),
            id);
  EXPECT_EQ(key_id(parse_cose_key(
                unhex("a4225820"
                      "1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c215820"
                      "65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d01022001"))),
            id);
  EXPECT_EQ(key_id(parse_public_key(
                unhex("0265eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d"))),
            id);
}

TEST(KeyId, OfEd25519KeysIsWhatOthersGet) {
  // github.com/kentakayama/cose-key-thumbprint, over the key of RFC 8032, 7.1, test 1.
  const PublicKey key =
      parse_public_key(unhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
  EXPECT_EQ(to_hex(key_thumbprint(key)),
            "866eefbd6718c8846cd7ddfe43fc74ab1daac4538ff8514ea2ec2d410a415743");
}

TEST(KeyId, IsReadFromHex) {
  const KeyId id = key_id(parse_cose_key(unhex(kRfcKey)));
  EXPECT_EQ(key_id_from_hex(to_hex(id)), id);
  EXPECT_FALSE(key_id_from_hex("").has_value());
  EXPECT_FALSE(key_id_from_hex(kRfcThumbprint).has_value());
  EXPECT_FALSE(key_id_from_hex("496bd8afadf307e5b08c64b0421bf9dg").has_value());
}

TEST(CoseKey, IsWrittenAsTheRfcHasIt) {
  EXPECT_EQ(to_hex(encode_cose_key(parse_cose_key(unhex(kRfcKey)))), kRfcKey);
}

}  // namespace
}  // namespace salus::node::test
