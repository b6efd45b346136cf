// An erasure from the authority's statement to the last byte on the disk, with the proofs that
// stay.
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "engine/merkle/tree.h"
#include "node/chain_check.h"
#include "node/ingest/submit_one.h"
#include "node/node.h"
#include "node/statement/erasure.h"
#include "node/statement/sign.h"
#include "tests/node/made_node.h"
#include "tests/support/temporary_folder.h"

namespace salus::node::test {
namespace {

using std::chrono::milliseconds;

/// Whether any file below a folder holds these bytes.
bool is_on_disk(const std::filesystem::path& folder, const std::string& wanted) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    if (content.find(wanted) != std::string::npos) return true;
  }
  return false;
}

template <typename Condition>
bool eventually(const Condition& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(milliseconds(5));
  return condition();
}

TEST(Erasure, LeavesNoByteOfTheBodyAndEveryProof) {
  const salus::test::TemporaryFolder folder;
  const MadeNode made(
      folder.path() / "node",
      {.devices = 1, .time = static_cast<std::uint32_t>(system_clock()() - 100'000)});
  NodeConfig config;
  config.devices = "cpu";
  config.threads = 1;
  config.log.segment_bytes = std::size_t{1} << 16;
  config.mempool.keep_depth = 1;
  config.mining.interval = milliseconds(5);
  config.store.memory_bytes = std::size_t{32} << 20;
  Position at;
  Digest leaf{};
  std::string signature;
  {
    Node node(made.folder(), config, SigningKey::load(made.folder() / "validator.pem"));
    const auto on_chain = [&](const MadeNode::Message& message) {
      const Outcome outcome = submit_one(node.sink(), message);
      EXPECT_EQ(outcome.refusal, std::nullopt);
      EXPECT_TRUE(eventually([&] { return node.store().find_statement(outcome.id).has_value(); }));
      return outcome.id;
    };
    const auto telemetry = [&](std::uint64_t sequence) {
      return made.factory().telemetry(0, system_clock()(), sequence);
    };
    const MadeNode::Message message = telemetry(1);
    const Digest id = on_chain(message);
    at = node.store().find_statement(id).value();
    leaf = node.store().leaf_hashes(at.height).at(at.index);
    EXPECT_EQ(leaf, merkle::leaf_hash(merkle::TreeKind::rfc9162, message));
    signature.assign(message.end() - 64, message.end());
    EXPECT_TRUE(is_on_disk(made.folder(), signature));

    on_chain(sign_statement(made.factory().authority(), {{}, {}, system_clock()(), 1},
                            ContentType::erasure, encode(Erasure{id})));
    EXPECT_TRUE(eventually([&] { return node.store().body(at).presence == BodyPresence::erased; }));
    // The log lets go what is below a few blocks.
    for (std::uint64_t sequence = 2; sequence < 6; ++sequence) on_chain(telemetry(sequence));
    EXPECT_TRUE(eventually([&] { return !is_on_disk(made.folder(), signature); }));
  }
  EXPECT_FALSE(is_on_disk(made.folder(), signature));

  engine::Engine engine({.devices = "cpu", .cpu = {.threads = 1}});
  BlockStore store(made.folder() / kBlocksFolder);
  const auto leaves = store.leaf_hashes(at.height);
  EXPECT_EQ(leaves.at(at.index), leaf);
  const merkle::Tree tree = engine.merkle_tree_of_leaves(merkle::TreeKind::rfc9162, leaves);
  const auto header =
      pow::parse_header(Bytes(store.header(at.height)->header).first<pow::kHeaderSize>());
  EXPECT_TRUE(merkle::verify_inclusion(merkle::TreeKind::rfc9162, leaf, at.index, leaves.size(),
                                       tree.inclusion_proof(at.index), header.merkle_root));
  const CheckReport report =
      check_chain(load_genesis(made.folder()), engine, BlockStoreStorage(store));
  EXPECT_EQ(report.problem, std::nullopt);
  EXPECT_EQ(report.without_body, 1U);
  EXPECT_EQ(report.erased_unasked, 0U);
}

}  // namespace
}  // namespace salus::node::test
