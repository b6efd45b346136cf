// `salus node export` and `import`: a chain carried from one folder to another.
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/cli/run_salus.h"
#include "tests/node/made_node.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using node::test::MadeNode;
using testing::HasSubstr;

class NodeExport : public testing::Test {
 protected:
  NodeExport() : node_(folder_.path() / "a", {.devices = 2}) {
    node_.add_blocks(3);
    const RunResult made = run_salus(
        {"node", "init", path("b"), "--genesis", (node_.folder() / "genesis.toml").string()});
    EXPECT_EQ(made.exit_code, 0) << made.err;
  }
  [[nodiscard]] std::string path(std::string_view name) const { return folder_.path(name); }

  TemporaryFolder folder_;
  MadeNode node_;
};

TEST_F(NodeExport, CarriesAChainThroughAPipe) {
  const RunResult exported = run_salus({"node", "export", path("a")});
  ASSERT_EQ(exported.exit_code, 0) << exported.err;
  EXPECT_THAT(exported.err, HasSubstr("4 blocks, heights 0 to 3"));
  RunOptions pipe;
  pipe.stdin_text = exported.out;
  const RunResult imported = run_salus({"node", "import", path("b"), "-", "--device", "cpu"}, pipe);
  EXPECT_EQ(imported.exit_code, 0) << imported.err;
  EXPECT_THAT(imported.out, HasSubstr("blocks      4 read, 3 new"));
  EXPECT_THAT(imported.out, HasSubstr("height      3\n"));
  EXPECT_THAT(imported.out, HasSubstr("statements/s"));
  EXPECT_EQ(run_salus({"node", "export", path("b"), "--quiet"}).out, exported.out);
}

TEST_F(NodeExport, WritesPartsIntoFilesAndGoesOnWithThem) {
  EXPECT_EQ(run_salus({"node", "export", path("a"), "--to", "1", "-o", path("low")}).exit_code, 0);
  EXPECT_EQ(run_salus({"node", "export", path("a"), "--from", "2", "-o", path("high")}).exit_code,
            0);
  const RunResult early = run_salus({"node", "import", path("b"), path("high")});
  EXPECT_EQ(early.exit_code, 1);
  EXPECT_THAT(early.err, HasSubstr("block 0 of the stream"));
  const RunResult low = run_salus({"node", "import", path("b"), path("low")});
  EXPECT_EQ(low.exit_code, 0) << low.err;
  const RunResult done = run_salus({"node", "import", path("b"), path("high")});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("height      3\n"));
}

TEST_F(NodeExport, NamesAFileThatIsCutShort) {
  EXPECT_EQ(run_salus({"node", "export", path("a"), "-o", path("blocks")}).exit_code, 0);
  std::filesystem::resize_file(path("blocks"), std::filesystem::file_size(path("blocks")) - 1);
  const RunResult result = run_salus({"node", "import", path("b"), path("blocks")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("blocks: block 3 of the stream"));
  EXPECT_THAT(result.err, HasSubstr("cut short"));
  EXPECT_THAT(result.out, HasSubstr("height      2\n"));
}

TEST_F(NodeExport, RefusesRangesThatTheChainDoesNotHave) {
  EXPECT_THAT(run_salus({"node", "export", path("a"), "--to", "4"}).err,
              HasSubstr("the chain ends at height 3"));
  EXPECT_THAT(run_salus({"node", "export", path("a"), "--from", "2", "--to", "1"}).err,
              HasSubstr("--from 2 is above --to 1"));
  EXPECT_THAT(run_salus({"node", "export", path("a"), "--from", "x"}).err, HasSubstr("--from"));
  EXPECT_THAT(run_salus({"node", "export", path("b")}).err, HasSubstr("has no blocks yet"));
}

}  // namespace
}  // namespace salus::test
