#include "engine/signature/device/known_items.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "engine/error.h"

namespace salus::engine::signature::device {
namespace {

std::vector<std::uint8_t> hex(std::string_view text) { return from_hex(text).value(); }

std::vector<KnownItem> published(Algorithm algorithm) {
  if (algorithm == Algorithm::p256)
    return {{hex("0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                 "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"),
             hex("73616d706c65"),
             hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                 "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"),
             Reason::valid}};
  return {{hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
           {},
           hex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
               "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
           Reason::valid},
          {hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"), hex("72"),
           hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
               "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
           Reason::valid},
          {hex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"), hex("af82"),
           hex("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
               "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
           Reason::valid}};
}

}  // namespace

std::vector<KnownItem> known_items(Algorithm algorithm) {
  std::vector<KnownItem> items = published(algorithm);
  const KnownItem good = items.back();
  constexpr std::size_t kFirstHalf = 5;
  constexpr std::size_t kSecondHalf = 40;
  for (const std::size_t byte : {kFirstHalf, kSecondHalf}) {
    items.push_back(good);
    items.back().signature[byte] ^= 0x10;
    items.back().reason = Reason::mismatch;
  }
  items.push_back(good);
  items.back().message[0] ^= 1;
  items.back().reason = Reason::mismatch;
  // y = 2 is no point of edwards25519; on P-256 another y goes with no x.
  items.push_back(good);
  if (algorithm == Algorithm::ed25519)
    items.back().key = hex("0200000000000000000000000000000000000000000000000000000000000000");
  else
    items.back().key.back() ^= 1;
  items.back().reason = Reason::key_not_on_curve;
  return items;
}

std::vector<Item> views(Algorithm algorithm, const std::vector<KnownItem>& known) {
  std::vector<Item> items;
  items.reserve(known.size());
  for (const KnownItem& item : known)
    items.push_back({algorithm, item.key, item.message, item.signature});
  return items;
}

std::vector<KeyView> keys_of(std::span<const Item> items) {
  std::vector<KeyView> keys;
  for (const Item& item : items) keys.push_back({item.algorithm, item.public_key});
  return keys;
}

void check_known(const std::vector<KnownItem>& known, std::span<const Reason> reasons,
                 Algorithm algorithm) {
  const auto is_right = [](const KnownItem& item, Reason reason) { return item.reason == reason; };
  if (std::ranges::equal(known, reasons, is_right)) return;
  const char* const name = algorithm == Algorithm::ed25519 ? "Ed25519" : "P-256";
  throw Error(ErrorKind::device, std::string("wrong answer from the kernels of ") + name);
}

}  // namespace salus::engine::signature::device
