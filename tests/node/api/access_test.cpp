#include "node/api/access.h"

#include <gtest/gtest.h>

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

TEST(Access, NamesRolesBothWays) {
  for (const ApiRole role : {ApiRole::reader, ApiRole::auditor, ApiRole::operator_})
    EXPECT_EQ(api_role_from_name(to_string(role)), role);
  EXPECT_EQ(api_role_from_name("root"), std::nullopt);
}

}  // namespace
}  // namespace salus::test
