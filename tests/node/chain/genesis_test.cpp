// Genesis: a file that people edit, and a block that commits to every word of it.
#include "node/chain/genesis.h"

#include <gmock/gmock.h>

#include <functional>

#include "engine/error.h"
#include "node/chain/block.h"
#include "node/state/state.h"
#include "node/statement/key_id.h"
#include "node/statement/public_key_pem.h"
#include "tests/support/reference_tree.h"

namespace salus::node {
namespace {

using engine::signature::PublicKey;
using testing::HasSubstr;

// The public keys of RFC 8032, 7.1, tests 1 to 3.
constexpr const char* kFirst = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
constexpr const char* kSecond = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
constexpr const char* kThird = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";

PublicKey key(const char* hex) { return {Algorithm::ed25519, *from_hex(hex)}; }

ChainParameters parameters() {
  ChainParameters p;
  p.name = "trial \"7\" \\ ward";
  p.time = 1'700'000'000;
  p.limit_bits = 0x1f00ffff;
  p.keys = {{Role::authority, key(kFirst), "data office"},
            {Role::validator, key(kSecond), "node 1"},
            {Role::device, key(kThird), ""}};
  return p;
}

std::string file() {
  return "name = \"ward 7\"\n"
         "time = 2023-11-14T23:13:20+01:00\n"
         "[work]\n"
         "limit_bits = \"1f00ffff\"\n"
         "[[authority]]\n"
         "key = '''\n" +
         public_key_pem(key(kFirst)) +
         "'''\n"
         "[[validator]]\n"
         "name = \"n\"\n"
         "key = '''\n" +
         public_key_pem(key(kSecond)) + "'''\n";
}

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    return error.what();
  }
  return "no error";
}

TEST(Genesis, ComesBackFromItsFile) {
  const Genesis genesis(parameters());
  const Genesis again = Genesis::from_toml(genesis.to_toml());
  EXPECT_EQ(again.parameters(), genesis.parameters());
  EXPECT_EQ(again.id(), genesis.id());
}

TEST(Genesis, WhatAFileDoesNotSayIsTheDefault) {
  const ChainParameters p = Genesis::from_toml(file()).parameters();
  EXPECT_EQ(p.name, "ward 7");
  EXPECT_EQ(p.time, 1'700'000'000U);
  EXPECT_EQ(p.spacing, 60U);
  EXPECT_EQ(p.half_life, 288U * 60);
  EXPECT_EQ(p.max_ahead, 120U);
  EXPECT_EQ(p.limits, BlockLimits{});
  EXPECT_EQ(p.diversity, Diversity{});
  EXPECT_EQ(p.keys.size(), 2U);
}

// The root is by a tree that others than the engine compute; and the id is fixed: should it ever
// change, every chain that is in use would be another one.
TEST(Genesis, IsABlockWhoseRootCommitsToTheParameters) {
  const Genesis genesis(parameters());
  const test::ReferenceTree tree(engine::TreeKind::rfc9162);
  EXPECT_EQ(genesis.header().merkle_root, tree.leaf(genesis.encoded_parameters()));
  EXPECT_EQ(genesis.header().previous, Digest{});
  EXPECT_EQ(genesis.header().time, 1'700'000'000U);
  EXPECT_EQ(genesis.header().bits, 0x1f00ffffU);
  EXPECT_EQ(genesis.id(), pow::header_id(genesis.header()));
  EXPECT_EQ(to_hex_reversed(genesis.id()),
            "65ca6bc3114bfd849aa7813a77a1004d67cd7a278fe3bee34cb6942ed09c9cac");
}

TEST(Genesis, EveryParameterIsPartOfTheIdentity) {
  const Digest id = Genesis(parameters()).id();
  const std::vector<std::function<void(ChainParameters&)>> changes{
      [](auto& p) { p.name += "x"; },
      [](auto& p) { p.time += 1; },
      [](auto& p) { p.limit_bits = 0x1f00fffe; },
      [](auto& p) { p.spacing += 1; },
      [](auto& p) { p.half_life += 1; },
      [](auto& p) { p.max_ahead += 1; },
      [](auto& p) { p.limits.block_bytes -= 1; },
      [](auto& p) { p.limits.statement_bytes -= 1; },
      [](auto& p) { p.limits.statements -= 1; },
      [](auto& p) { p.diversity.window += 1; },
      [](auto& p) { p.diversity.limit -= 1; },
      [](auto& p) { p.keys[0].name += "x"; },
      [](auto& p) { p.keys[2].role = Role::authority; },
      [](auto& p) { p.keys.pop_back(); },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    ChainParameters p = parameters();
    changes[i](p);
    EXPECT_NE(Genesis(p).id(), id) << i;
  }
}

TEST(Genesis, TheOrderOfKeysIsNot) {
  ChainParameters p = parameters();
  std::swap(p.keys[0], p.keys[2]);
  EXPECT_EQ(Genesis(p).id(), Genesis(parameters()).id());
}

TEST(Genesis, ItsKeysAreTheFirstState) {
  const Genesis genesis(parameters());
  State state;
  state.write(genesis.state());
  for (const GenesisKey& each : parameters().keys) {
    const KeyRecord* record = state.find_key(key_id(each.key));
    ASSERT_NE(record, nullptr);
    EXPECT_EQ(*record, new_key_record(each.key, each.role, 1'700'000'000));
  }
  EXPECT_EQ(state.active_keys(Role::authority), 1U);
}

TEST(Genesis, ParametersThatNoChainCanHaveAreNamed) {
  const auto problem = [](const std::function<void(ChainParameters&)>& change) {
    ChainParameters p = parameters();
    change(p);
    return error_of([&p] { const Genesis genesis(p); });
  };
  EXPECT_THAT(problem([](auto& p) { p.name = ""; }), HasSubstr("name"));
  EXPECT_THAT(problem([](auto& p) { p.name = "a\nb"; }), HasSubstr("name"));
  EXPECT_THAT(problem([](auto& p) { p.limit_bits = 0; }), HasSubstr("target"));
  EXPECT_THAT(problem([](auto& p) { p.limit_bits = 0x1f800000; }), HasSubstr("target"));
  EXPECT_THAT(problem([](auto& p) { p.limit_bits = 0x21010000; }), HasSubstr("target"));
  EXPECT_THAT(problem([](auto& p) { p.spacing = 0; }), HasSubstr("spacing"));
  EXPECT_THAT(problem([](auto& p) { p.half_life = 0; }), HasSubstr("half-life"));
  EXPECT_THAT(problem([](auto& p) { p.time = 1; }), HasSubstr("time"));
  EXPECT_THAT(problem([](auto& p) { p.limits.block_bytes += 1; }), HasSubstr("block's bytes"));
  EXPECT_THAT(problem([](auto& p) { p.limits.statement_bytes = 10; }), HasSubstr("statement's"));
  EXPECT_THAT(problem([](auto& p) { p.limits.statements = 1; }), HasSubstr("block's statements"));
  EXPECT_THAT(problem([](auto& p) { p.diversity.window = 257; }), HasSubstr("window"));
  EXPECT_THAT(problem([](auto& p) { p.diversity.limit = 11; }), HasSubstr("limit of blocks"));
  EXPECT_THAT(problem([](auto& p) { p.keys.erase(p.keys.begin()); }), HasSubstr("no authority"));
  EXPECT_THAT(problem([](auto& p) { p.keys.erase(p.keys.begin() + 1); }),
              HasSubstr("no validator"));
  EXPECT_THAT(problem([](auto& p) { p.keys.push_back(p.keys[0]); }), HasSubstr("twice"));
}

TEST(Genesis, FilesThatAreWrongAreNamedWithThePlace) {
  const auto problem = [](std::string_view from, std::string_view to) {
    std::string text = file();
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos);
    text.replace(at, from.size(), to);
    return error_of([&text] { (void)Genesis::from_toml(text); });
  };
  EXPECT_THAT(problem("name = \"ward 7\"", ""), HasSubstr("name is missing"));
  EXPECT_THAT(problem("name = \"ward 7\"", "name = 7"), HasSubstr("name must be text"));
  EXPECT_THAT(problem("time = 2023-11-14T23:13:20+01:00", "time = 5"), HasSubstr("time"));
  EXPECT_THAT(problem("+01:00", ""), HasSubstr("offset"));
  EXPECT_THAT(problem("time = 2023", "time = 1923"), HasSubstr("1970"));
  EXPECT_THAT(problem("1f00ffff", "1f00fffg"), HasSubstr("limit_bits"));
  EXPECT_THAT(problem("1f00ffff", "1f00fff"), HasSubstr("limit_bits"));
  EXPECT_THAT(problem("[work]", "[work]\nspaceing = 60"), HasSubstr("spaceing"));
  EXPECT_THAT(problem("[work]", "[work]\nspacing = -1"), HasSubstr("work.spacing"));
  EXPECT_THAT(problem("[work]", "[work]\nspacing = 4294967296"), HasSubstr("work.spacing"));
  EXPECT_THAT(problem("[work]", "max_ahaed = 3\n[work]"), HasSubstr("max_ahaed"));
  EXPECT_THAT(problem("[[validator]]", "[validator]"), HasSubstr("[[validator]]"));
  EXPECT_THAT(problem("BEGIN PUBLIC KEY", "BEGIN NOTHING"), HasSubstr("authority in line 5"));
  EXPECT_THAT(problem("[work]", "[work"), HasSubstr("line 3"));
  EXPECT_THAT(error_of([] { (void)Genesis::from_toml("\xff"); }), HasSubstr("genesis file"));
}

}  // namespace
}  // namespace salus::node
