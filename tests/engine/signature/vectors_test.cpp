// Published vectors, as they are and as `Reason`s.
#include <gtest/gtest.h>

#include "tests/engine/signature/each_verifier.h"
#include "tests/engine/signature/items.h"

namespace salus::engine::signature {
namespace {

class VectorsTest : public EachVerifier {
 protected:
  static void expect_published_verdicts(const std::vector<PublishedCase>& cases) {
    ASSERT_FALSE(cases.empty());
    std::vector<Item> items;
    for (const auto& c : cases) items.push_back(c.item.view());
    const Verdicts verdicts = verify(items);
    for (std::size_t i = 0; i < cases.size(); ++i)
      EXPECT_EQ(verdicts.valid(i), cases[i].valid)
          << cases[i].name << ": " << to_string(verdicts.reason(i));
  }
};

TEST_P(VectorsTest, AcceptsRfc8032) { expect_published_verdicts(rfc8032_cases()); }

TEST_P(VectorsTest, AgreesWithWycheproofOnEd25519) {
  expect_published_verdicts(wycheproof_ed25519_cases());
}

TEST_P(VectorsTest, AgreesWithWycheproofOnP256) {
  expect_published_verdicts(wycheproof_p256_cases());
}

SALUS_EACH_VERIFIER(VectorsTest);

}  // namespace
}  // namespace salus::engine::signature
