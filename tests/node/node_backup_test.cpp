// Backups of nodes, running and not, made whole and interrupted.
#include "node/node_backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <random>
#include <thread>
#include <utility>

#include "engine/error.h"
#include "node/backup_manifest.h"
#include "node/chain_check.h"
#include "node/control/control.h"
#include "node/ingest/submit_one.h"
#include "node/node.h"
#include "tests/node/made_node.h"
#include "tests/node/store/child_process.h"
#include "tests/support/temporary_folder.h"

namespace salus::node::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using testing::HasSubstr;
using Message = MadeNode::Message;

NodeConfig small_config() {
  NodeConfig config;
  config.devices = "cpu";
  config.threads = 1;
  config.intake.batch_statements = 16;
  config.mempool.keep_depth = 2;
  config.log.segment_bytes = std::size_t{1} << 14;
  config.mining.interval = milliseconds(5);
  config.store.memory_bytes = std::size_t{32} << 20;
  return config;
}

template <typename Work>
std::string error_of(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

class NodeBackup : public testing::Test {
 protected:
  NodeBackup()
      : made_(path("node"),
              {.devices = 4, .time = static_cast<std::uint32_t>(system_clock()() - 100'000)}) {}

  [[nodiscard]] fs::path path(std::string_view name) const { return folder_.path() / name; }
  [[nodiscard]] SigningKey key() const { return SigningKey::load(path("node/validator.pem")); }
  [[nodiscard]] Message message(std::uint64_t sequence) const {
    return made_.factory().telemetry(sequence % 4, system_clock()(), sequence);
  }
  void back_up_stopped(bool with_keys = false) const {
    const BlockStore store(path("node/blocks"));
    const IntakeLog log(path("node/intake"));
    back_up_folder(path("node"), store, log, path("out"), with_keys);
  }
  /// What is on the chain, or waits for a block, of the messages with these sequences.
  static void expect_all(const fs::path& folder, std::span<const Digest> ids,
                         SigningKey validator) {
    {
      Node node(folder, small_config(), std::move(validator));
      const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
      while (!node.mempool().is_empty() && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(milliseconds(2));
      for (const Digest& id : ids) EXPECT_TRUE(node.store().find_statement(id).has_value());
    }
    engine::Engine engine({.devices = "cpu", .cpu = {.threads = 1}});
    BlockStore store(folder / kBlocksFolder);
    EXPECT_EQ(check_chain(load_genesis(folder), engine, BlockStoreStorage(store)).problem,
              std::nullopt);
  }

  salus::test::TemporaryFolder folder_;
  MadeNode made_;
};

TEST_F(NodeBackup, OfARunningNodeHasAllThatWasAcknowledgedBefore) {
  std::vector<Digest> before;
  {
    Node node(path("node"), small_config(), key());
    std::atomic<bool> is_done = false;
    std::uint64_t sequence = 0;
    for (; sequence < 200; ++sequence) {
      const Outcome outcome = submit_one(node.sink(), message(sequence));
      ASSERT_EQ(outcome.refusal, std::nullopt);
      before.push_back(outcome.id);
    }
    std::jthread feed([&] {
      while (!is_done) (void)submit_one(node.sink(), message(sequence++));
    });
    node.back_up(path("out"), false);
    node.back_up(path("out"), false);  // which replaces the first
    is_done = true;
  }
  restore_folder(path("out"), path("restored"));
  EXPECT_FALSE(fs::exists(path("restored/validator.pem")));
  expect_all(path("restored"), before, key());
}

TEST_F(NodeBackup, OfAStoppedNodeCanHaveItsKeys) {
  made_.add_blocks(3);
  back_up_stopped(true);
  restore_folder(path("out"), path("restored"));
  EXPECT_EQ(SigningKey::load(path("restored/validator.pem")).id(), key().id());
  BlockStore store(path("restored/blocks"));
  EXPECT_EQ(store.tip()->height, 3U);
}

/// Everything in processes of their own: RocksDB's threads do not outlive a fork.
TEST(NodeBackupKilled, IsNeverTakenForAWholeOne) {
  using salus::test::ChildProcess;
  enum Report : std::uint64_t { begun, whole, restored, unfinished, wrong };
  const salus::test::TemporaryFolder folder;
  const fs::path node = folder.path() / "node", out = folder.path() / "out";
  const auto back_up = [&] {
    const BlockStore store(node / kBlocksFolder);
    const IntakeLog log(node / kIntakeFolder);
    back_up_folder(node, store, log, out, false);
  };
  ChildProcess maker([&](const ChildProcess::Reporter&) {
    MadeNode made(node, {.devices = 4});
    made.add_blocks(3);
  });
  ASSERT_EQ(maker.wait(), 0);
  std::mt19937 random(std::random_device{}());
  bool is_whole = false;
  for (int i = 0; i < 8; ++i) {
    ChildProcess backup([&](const ChildProcess::Reporter& report) {
      report(begun);
      back_up();
      report(whole);
      std::this_thread::sleep_for(std::chrono::seconds(60));
    });
    std::uint64_t said = wrong;
    ASSERT_TRUE(backup.next(said));
    std::this_thread::sleep_for(milliseconds(random() % 60));
    for (const std::uint64_t more : backup.kill()) is_whole = is_whole || more == whole;
    fs::remove_all(folder.path() / "restored");
    ChildProcess restore([&](const ChildProcess::Reporter& report) {
      const std::string error = error_of([&] { restore_folder(out, folder.path() / "restored"); });
      const bool is_refused = error.find("never finished") != std::string::npos ||
                              error.find("holds no backup") != std::string::npos;
      if (is_refused) return report(unfinished);
      if (error != "no error") return report(wrong);
      const BlockStore store(folder.path() / "restored" / kBlocksFolder);
      report(store.tip()->height == 3 ? restored : wrong);
    });
    ASSERT_TRUE(restore.next(said));
    EXPECT_NE(said, wrong);
    EXPECT_TRUE(said == restored || !is_whole);
    EXPECT_EQ(fs::exists(folder.path() / "restored" / kGenesisFile), said == restored);
  }
}

TEST_F(NodeBackup, NamesAFileThatIsDamagedOrMissing) {
  made_.add_blocks(2);
  back_up_stopped();
  const fs::path config = path("out") / "1" / kConfigFile;
  std::ofstream(config, std::ios::app) << "#";
  EXPECT_THAT(error_of([&] { restore_folder(path("out"), path("a")); }),
              HasSubstr("salus.toml is not as it was"));
  EXPECT_FALSE(fs::exists(path("a") / kGenesisFile));
  fs::remove(config);
  EXPECT_THAT(error_of([&] { restore_folder(path("out"), path("b")); }),
              HasSubstr("salus.toml is missing"));
  back_up_stopped();  // a new one is whole
  restore_folder(path("out"), path("c"));
}

TEST_F(NodeBackup, RefusesFoldersThatHoldSomethingElse) {
  folder_.write("other/file", "text");
  made_.add_blocks(1);
  back_up_stopped();
  const BlockStore store(path("node/blocks"));
  const IntakeLog log(path("node/intake"));
  EXPECT_THAT(error_of([&] { back_up_folder(path("node"), store, log, path("other"), false); }),
              HasSubstr("is not empty, and holds no backup"));
  MadeNode stranger(path("stranger"), {.devices = 1});
  EXPECT_THAT(error_of([&] { back_up_folder(path("stranger"), store, log, path("out"), false); }),
              HasSubstr("another chain"));
  EXPECT_THAT(error_of([&] { restore_folder(path("other"), path("new")); }),
              HasSubstr("holds no backup"));
  EXPECT_THAT(error_of([&] { restore_folder(path("out"), path("other")); }),
              HasSubstr("is not empty"));
}

TEST(BackupManifest, TakesExactlyWhatItWrites) {
  const BackupManifest manifest{std::string(64, 'a'), 3, 17, {{Digest{}, 12, "intake/a b.log"}}};
  const std::string text = to_text(manifest);
  EXPECT_EQ(parse_manifest(text, "x"), manifest);
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_THROW(parse_manifest(text.substr(0, size), "x"), Error) << size;
  EXPECT_THROW(parse_manifest(text + "end\n", "x"), Error);
  for (const char* const name : {"../a", "/a", "a/../../b"}) {
    BackupManifest bad = manifest;
    bad.files[0].name = name;
    EXPECT_THROW(parse_manifest(to_text(bad), "x"), Error) << name;
  }
}

TEST(Control, CarriesRequestsAndAnswers) {
  salus::test::TemporaryFolder folder;
  // Longer than an address of a socket.
  const fs::path deep = folder.path() / std::string(120, 'd');
  fs::create_directory(deep);
  const BackupRequest request{true, "/some where\nelse"};
  EXPECT_EQ(ask_backup(deep, request), std::nullopt);
  {
    const ControlServer server(deep, [&](const BackupRequest& asked) {
      EXPECT_EQ(asked, request);
      return BackupReport{17, 1234};
    });
    const auto report = ask_backup(deep, request);
    ASSERT_TRUE(report.has_value());
    EXPECT_EQ(report->height, 17U);
    EXPECT_EQ(report->bytes, 1234U);
  }
  EXPECT_EQ(ask_backup(deep, request), std::nullopt);
  const ControlServer failing(deep, [](const BackupRequest&) -> BackupReport {
    throw Error(ErrorKind::usage, "not there");
  });
  EXPECT_EQ(error_of([&] { (void)ask_backup(deep, request); }), "not there");
}

TEST(Control, UnderstandsNothingElse) {
  for (const char* const text : {"", "backup", "backup\n", "backup\nkeys", "backup\nkeys\nrelative",
                                 "backup\nmaybe\n/a", "restore\nkeys\n/a"})
    EXPECT_THROW(parse_request(text), Error) << text;
  for (const char* const text :
       {"", "ok\n", "ok\n1\nx\n", "ok\n1\n2\n3\n", "error\nnone\ntext", "fine\n"})
    EXPECT_THROW(parse_answer(text), Error) << text;
}

}  // namespace
}  // namespace salus::node::test
