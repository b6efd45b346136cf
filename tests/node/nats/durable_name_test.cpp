#include "node/nats/durable_name.h"

#include <gtest/gtest.h>

#include "engine/error.h"
#include "node/nats/subjects.h"
#include "tests/support/temporary_folder.h"

namespace salus::node::nats {
namespace {

TEST(NatsDurableName, StaysTheSameInAFolderAndDiffersFromThatOfOthers) {
  const salus::test::TemporaryFolder one;
  const salus::test::TemporaryFolder other;
  const std::string name = kept_durable_name(one.path());
  EXPECT_TRUE(is_name(name)) << name;
  EXPECT_EQ(kept_durable_name(one.path()), name);
  EXPECT_NE(kept_durable_name(other.path()), name);
}

TEST(NatsDurableName, IsTheOneThatAPersonHasWrittenThere) {
  const salus::test::TemporaryFolder folder;
  folder.write("nats-durable", std::string_view("ward-7\n"));
  EXPECT_EQ(kept_durable_name(folder.path()), "ward-7");
  for (const char* bad : {"", "\n", "a.b\n", "a b"}) {
    folder.write("nats-durable", std::string_view(bad));
    EXPECT_THROW(kept_durable_name(folder.path()), Error) << bad;
  }
}

TEST(NatsDurableName, NeedsAFolderThatIsThere) {
  EXPECT_THROW(kept_durable_name("/nowhere/at-all"), Error);
}

}  // namespace
}  // namespace salus::node::nats
