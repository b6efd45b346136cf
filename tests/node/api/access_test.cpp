#include "node/api/access.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "engine/openssl_sha256.h"

namespace salus::test {
namespace {

using namespace node::api;  // NOLINT: tests of it

AccessList list() {
  return AccessList({.tokens = {{openssl_sha256(as_bytes("reads")), ApiRole::reader},
                                {openssl_sha256(as_bytes("audits")), ApiRole::auditor},
                                {openssl_sha256(as_bytes("runs")), ApiRole::operator_}},
                     .certificates = {{"ward 3", ApiRole::reader}, {"ops", ApiRole::operator_}}});
}

TEST(Access, GivesATokenItsRole) {
  EXPECT_EQ(list().role_of({"Bearer reads", {}}), ApiRole::reader);
  EXPECT_EQ(list().role_of({"bearer audits", {}}), ApiRole::auditor);
  EXPECT_EQ(list().role_of({"BEARER  runs ", {}}), ApiRole::operator_);
}

TEST(Access, GivesNothingToAnythingElse) {
  for (const char* authorization :
       {"", "Bearer", "Bearer ", "Bearer read", "Bearer readss", "Bearer READS", "Basic reads",
        "reads", "Bearerreads", "Bearer reads, Bearer runs"})
    EXPECT_EQ(list().role_of({authorization, {}}), std::nullopt) << authorization;
  const std::string long_one = "Bearer " + std::string(kMaxTokenBytes + 1, 'x');
  EXPECT_EQ(list().role_of({long_one, {}}), std::nullopt);
  EXPECT_EQ(AccessList({}).role_of({"Bearer reads", "ops"}), std::nullopt);
}

TEST(Access, KnowsCertificatesByExactName) {
  EXPECT_EQ(list().role_of({{}, "ward 3"}), ApiRole::reader);
  EXPECT_EQ(list().role_of({{}, "ward 33"}), std::nullopt);
  EXPECT_EQ(list().role_of({{}, "WARD 3"}), std::nullopt);
}

TEST(Access, TakesTheHighestOfSeveralRoles) {
  EXPECT_EQ(list().role_of({"Bearer reads", "ops"}), ApiRole::operator_);
  EXPECT_EQ(list().role_of({"Bearer audits", "ward 3"}), ApiRole::auditor);
}

TEST(Access, KnowsTheTokensThatItWasGivenLast) {
  AccessList access = list();
  access.set_tokens({{openssl_sha256(as_bytes("runs")), ApiRole::reader}});
  EXPECT_EQ(access.role_of({"Bearer reads", {}}), std::nullopt);
  EXPECT_EQ(access.role_of({"Bearer runs", {}}), ApiRole::reader);
  EXPECT_EQ(access.role_of({{}, "ward 3"}), ApiRole::reader);
  access.set_tokens({});
  EXPECT_EQ(access.role_of({"Bearer runs", {}}), std::nullopt);
}

TEST(Access, ReplacesTokensWhileOthersAsk) {
  AccessList access = list();
  std::atomic<int> unknown = 0;
  std::vector<std::jthread> askers;
  for (int i = 0; i < 2; ++i)
    askers.emplace_back([&](const std::stop_token& stop) {
      while (!stop.stop_requested())
        if (!access.role_of({"Bearer reads", {}})) ++unknown;
    });
  const TokenGrant reads{openssl_sha256(as_bytes("reads")), ApiRole::reader};
  for (std::size_t i = 0; i < 1000; ++i)
    access.set_tokens(std::vector<TokenGrant>(1 + i % 9, reads));
  askers.clear();
  EXPECT_EQ(unknown, 0);  // neither the old set nor the new one was ever half there
}

TEST(Access, NamesRolesBothWays) {
  for (const ApiRole role : {ApiRole::reader, ApiRole::auditor, ApiRole::operator_})
    EXPECT_EQ(api_role_from_name(to_string(role)), role);
  EXPECT_EQ(api_role_from_name("root"), std::nullopt);
}

}  // namespace
}  // namespace salus::test
