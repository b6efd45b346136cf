// `salus node backup`, `restore`, `erase`, `prune` and `check` on folders of nodes.
#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "node/control/control.h"
#include "node/node.h"
#include "tests/cli/run_salus.h"
#include "tests/node/made_node.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using node::test::MadeNode;
using testing::HasSubstr;

class NodeFolder : public testing::Test {
 protected:
  NodeFolder()
      : made_(folder_.path() / "node",
              {.devices = 3,
               .time = static_cast<std::uint32_t>(node::system_clock()() - 1'000'000)}) {
    made_.add_blocks(3);
  }
  [[nodiscard]] std::string path(std::string_view name) const { return folder_.path(name); }
  [[nodiscard]] std::string id_at(node::Position at) const {
    const node::BlockStore store(folder_.path() / "node" / "blocks");
    return to_hex(store.statement_id(at).value());
  }
  /// Runs the node in this process until its mempool is empty.
  void mine() const {
    node::NodeConfig config = node::load_config(path("node"));
    config.devices = "cpu";
    config.threads = 1;
    node::Node node(path("node"), config, node::SigningKey::load(path("node/validator.pem")));
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!node.mempool().is_empty() && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  static nlohmann::json checked(const std::string& folder) {
    const RunResult result = run_salus({"node", "check", folder, "--json", "--device", "cpu"});
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    return nlohmann::json::parse(result.out);
  }

  TemporaryFolder folder_;
  MadeNode made_;
};

TEST_F(NodeFolder, IsBackedUpAndRestoredWhileTheNodeIsStopped) {
  const RunResult backup = run_salus({"node", "backup", path("node"), path("out")});
  EXPECT_EQ(backup.exit_code, 0) << backup.err;
  EXPECT_THAT(backup.out, HasSubstr("4 blocks"));
  const RunResult restored = run_salus({"node", "restore", path("out"), path("new")});
  EXPECT_EQ(restored.exit_code, 0) << restored.err;
  EXPECT_EQ(checked(path("new")).at("blocks"), 4);
  EXPECT_EQ(checked(path("new")).at("statements"), 12);
  EXPECT_FALSE(std::filesystem::exists(path("new/validator.pem")));
  EXPECT_THAT(run_salus({"node", "restore", path("out"), path("new")}).err,
              HasSubstr("is not empty"));
  EXPECT_THAT(run_salus({"node", "restore", path("new"), path("other")}).err,
              HasSubstr("holds no backup"));
}

TEST_F(NodeFolder, IsBackedUpWhileTheNodeRuns) {
  {
    node::NodeConfig config = node::load_config(path("node"));
    config.devices = "cpu";
    config.threads = 1;
    node::Node node(path("node"), config);
    EXPECT_THAT(run_salus({"node", "backup", path("node"), path("out")}).err,
                HasSubstr("is in use by process"));
    const node::ControlServer control(path("node"), [&](const node::BackupRequest& request) {
      return node.back_up(request.out, request.with_keys);
    });
    const RunResult backup =
        run_salus({"node", "backup", path("node"), path("out"), "--with-keys"});
    EXPECT_EQ(backup.exit_code, 0) << backup.err;
    EXPECT_THAT(run_salus({"node", "backup", path("node"), path("node/blocks")}).err,
                HasSubstr("is not empty, and holds no backup"));
    EXPECT_THAT(
        run_salus({"node", "prune", path("node"), "--older-than", "1d", "--type", "senml+cbor"})
            .err,
        HasSubstr("is in use by process"));
  }
  EXPECT_EQ(run_salus({"node", "restore", path("out"), path("new")}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(path("new/validator.pem")));
  EXPECT_EQ(checked(path("new")).at("blocks"), 4);
}

TEST_F(NodeFolder, LosesABodyThatAnAuthorityErasesAndStaysValid) {
  const std::string id = id_at({2, 1});
  const RunResult erased =
      run_salus({"node", "erase", id, "--key", path("node/authority.pem"), "--dir", path("node")});
  ASSERT_EQ(erased.exit_code, 0) << erased.err;
  mine();
  {
    const node::BlockStore store(folder_.path() / "node" / "blocks");
    EXPECT_EQ(store.body({2, 1}).presence, node::BodyPresence::erased);
    EXPECT_EQ(store.body({2, 2}).presence, node::BodyPresence::present);
    EXPECT_TRUE(
        store.find_statement(digest_from_hex(erased.out.substr(0, 64)).value()).has_value());
  }
  const nlohmann::json report = checked(path("node"));
  EXPECT_EQ(report.at("without_body"), 1);
  EXPECT_EQ(report.at("erased_unasked"), 0);
  EXPECT_THAT(run_salus({"node", "check", path("node"), "--device", "cpu"}).out,
              HasSubstr("deleted     1 bodies"));
}

TEST_F(NodeFolder, TakesErasuresOfAuthoritiesOnlyAndOfWhatIsThere) {
  const std::string id = id_at({1, 1});
  made_.factory().device(0).save(path("device.pem"), {});
  const auto erase = [&](const std::string& what, const std::string& key,
                         std::vector<std::string> more) {
    std::vector<std::string> arguments = {"node", "erase", what, "--key", path(key)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_salus(arguments);
  };
  EXPECT_THAT(erase(id, "device.pem", {"--dir", path("node")}).err, HasSubstr("not_permitted"));
  EXPECT_THAT(erase(std::string(64, 'a'), "node/authority.pem", {"--dir", path("node")}).err,
              HasSubstr("is not on the chain"));
  EXPECT_THAT(erase("12", "node/authority.pem", {"--dir", path("node")}).err,
              HasSubstr("ID: '12'"));
  EXPECT_THAT(erase(id, "node/authority.pem", {}).err,
              HasSubstr("one of --node URL, --dir DIR and --out FILE"));
  const RunResult written = erase(id, "node/authority.pem", {"--out", path("erasure.cose")});
  EXPECT_EQ(written.exit_code, 0) << written.err;
  EXPECT_THAT(run_salus({"statement", "show", path("erasure.cose")}).out,
              HasSubstr("erases     " + id));
}

TEST_F(NodeFolder, LosesOldBodiesByPruningAndStaysValid) {
  const std::vector<std::string> prune = {"node", "prune",  path("node"), "--older-than",
                                          "1d",   "--type", "senml+cbor", "--json"};
  std::vector<std::string> dry = prune;
  dry.push_back("--dry-run");
  // The last blocks are kept whole.
  EXPECT_EQ(nlohmann::json::parse(run_salus(dry).out).at("statements"), 0);
  std::string config = read_text(path("node/salus.toml"));
  const std::string depth = "keep_depth = ";
  const std::size_t at = config.find(depth) + depth.size();
  config.replace(at, config.find('\n', at) - at, "1");
  folder_.write("node/salus.toml", config);
  const nlohmann::json counted = nlohmann::json::parse(run_salus(dry).out);
  EXPECT_EQ(counted.at("statements"), 6);
  EXPECT_GT(counted.at("bytes"), 6 * 150);
  const nlohmann::json pruned = nlohmann::json::parse(run_salus(prune).out);
  EXPECT_EQ(pruned.at("statements"), 6);
  EXPECT_EQ(pruned.at("below"), 3);
  EXPECT_EQ(nlohmann::json::parse(run_salus(dry).out).at("statements"), 0);
  EXPECT_EQ(checked(path("node")).at("without_body"), 6);
  EXPECT_THAT(run_salus({"node", "export", path("node"), "-o", path("blocks")}).err,
              HasSubstr("block 1: bodies of it were deleted"));
}

TEST_F(NodeFolder, RefusesToPruneWhatTheChainIsCheckedBy) {
  const auto problem = [&](const std::string& age, const std::string& type) {
    const RunResult result =
        run_salus({"node", "prune", path("node"), "--older-than", age, "--type", type});
    EXPECT_EQ(result.exit_code, 2);
    return result.err;
  };
  EXPECT_THAT(problem("1d", "validator"), HasSubstr("the chain is checked by the others"));
  EXPECT_THAT(problem("1d", "nothing"), HasSubstr("'nothing'"));
  for (const char* const age : {"1", "d", "-1d", "1.5d", "1y", "99999999d"})
    EXPECT_THAT(problem(age, "senml+cbor"), HasSubstr("--older-than")) << age;
}

}  // namespace
}  // namespace salus::test
