// A stored chain checked again, also where bodies were erased or pruned.
#include "node/chain_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "engine/merkle/proof.h"
#include "node/node.h"
#include "node/prune.h"
#include "node/statement/erasure.h"
#include "node/statement/key_registration.h"
#include "tests/node/made_node.h"
#include "tests/support/temporary_folder.h"

namespace salus::node::test {
namespace {

using testing::HasSubstr;
using Message = MadeNode::Message;

class ChainCheckTest : public testing::Test {
 protected:
  ChainCheckTest() : node_(folder_.path() / "node", {.devices = 3}) { node_.add_blocks(4); }

  [[nodiscard]] CheckReport check() {
    BlockStore store(blocks());
    return check_chain(node_.factory().genesis(), node_.engine(), BlockStoreStorage(store));
  }
  [[nodiscard]] std::filesystem::path blocks() const { return node_.folder() / kBlocksFolder; }

  /// Deletes all telemetry in blocks below `height`.
  void prune_below(Height height) {
    BlockStore store(blocks());
    const auto type = static_cast<std::uint8_t>(ContentType::senml_cbor);
    EXPECT_GT(store.prune_bodies_of_type(type, height).statements, 0U);
  }

  salus::test::TemporaryFolder folder_;
  MadeNode node_;
};

TEST_F(ChainCheckTest, FindsAWholeChainValid) {
  const CheckReport report = check();
  EXPECT_EQ(report.problem, std::nullopt);
  EXPECT_EQ(report.blocks, 5U);
  EXPECT_EQ(report.statements, 16U);
  EXPECT_EQ(report.without_body, 0U);
}

TEST_F(ChainCheckTest, TellsHowFarItIsInStatements) {
  BlockStore store(blocks());
  std::uint64_t last = 0, all = 0;
  engine::JobControl control;
  control.progress = [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_GE(done, last);
    last = done;
    all = total;
  };
  (void)check_chain(node_.factory().genesis(), node_.engine(), BlockStoreStorage(store), control);
  EXPECT_EQ(last, 17U);  // genesis has an entry, too
  EXPECT_EQ(all, last);
}

TEST_F(ChainCheckTest, GoesOnWhereBodiesWerePruned) {
  prune_below(3);
  const CheckReport report = check();
  EXPECT_EQ(report.problem, std::nullopt);
  EXPECT_EQ(report.blocks, 5U);
  EXPECT_EQ(report.statements, 16U);
  EXPECT_EQ(report.without_body, 6U);
  EXPECT_EQ(report.erased_unasked, 0U);
}

TEST_F(ChainCheckTest, TakesTheLastSequencesFromTheStoreWhereAllTelemetryIsGone) {
  prune_below(5);
  const CheckReport report = check();
  EXPECT_EQ(report.problem, std::nullopt);
  EXPECT_EQ(report.without_body, 12U);
}

TEST_F(ChainCheckTest, StillChecksWhatIsThere) {
  prune_below(3);
  // A leaf hash is what stands for a body: the tree over them is compared with the header.
  const Message registration = node_.by_authority(
      ContentType::key_registration,
      encode(KeyRegistration{SigningKey::generate(Algorithm::ed25519).public_key(), Role::device,
                             "bed 4"}));
  node_.add_block(std::vector<Message>{registration});
  EXPECT_EQ(check().problem, std::nullopt);
}

TEST_F(ChainCheckTest, CountsErasuresThatTheChainAsksFor) {
  Digest target{};
  {
    BlockStore store(blocks());
    target = store.statement_ids(2).at(1);
  }
  node_.add_block(
      std::vector<Message>{node_.by_authority(ContentType::erasure, encode(Erasure{target}))});
  CheckReport report = check();
  EXPECT_EQ(report.problem, std::nullopt);
  EXPECT_EQ(report.without_body, 1U);
  EXPECT_EQ(report.erased_unasked, 0U);
  {
    BlockStore store(blocks());
    const Position other{3, 1};
    EXPECT_EQ(store.erase({&other, 1}), 1U);
  }
  report = check();
  EXPECT_EQ(report.problem, std::nullopt);
  EXPECT_EQ(report.without_body, 2U);
  EXPECT_EQ(report.erased_unasked, 1U);
}

TEST_F(ChainCheckTest, NamesABlockWhoseValidatorStatementIsGone) {
  {
    BlockStore store(blocks());
    const Position validators{2, 0};
    EXPECT_EQ(store.erase({&validators, 1}), 1U);
  }
  EXPECT_THAT(check().problem.value_or(""), HasSubstr("block 2: not_by_validator"));
}

TEST_F(ChainCheckTest, NoticesThatAKeysRegistrationIsGone) {
  const SigningKey device = SigningKey::generate(Algorithm::ed25519);
  node_.add_block(std::vector<Message>{
      node_.by_authority(ContentType::key_registration,
                         encode(KeyRegistration{device.public_key(), Role::device, "bed 4"}))});
  {
    BlockStore store(blocks());
    const Position registration{5, 1};
    EXPECT_EQ(store.erase({&registration, 1}), 1U);
  }
  EXPECT_THAT(check().problem.value_or(""), HasSubstr("the stored state is not the one"));
}

TEST_F(ChainCheckTest, NamesAStateThatDoesNotFollow) {
  {
    BlockStore store(blocks());
    // A last sequence that no statement has.
    StateWrites writes;
    for (std::size_t device = 0; device < 1; ++device) {
      KeyRecord record = new_key_record(node_.factory().device(device).public_key(), Role::device,
                                        node_.factory().genesis().parameters().time);
      record.last = LastStatement{1000, Digest{}};
      write_key(writes, node_.factory().device(device).id(), &record);
    }
    std::vector<StateChange> changes;
    writes.for_each([&](Bytes key, std::optional<Bytes> value) {
      changes.push_back({key, value});
    });
    store.disconnect(changes);
  }
  EXPECT_THAT(check().problem.value_or(""), HasSubstr("the stored state is not the one"));
  prune_below(4);
  EXPECT_THAT(check().problem.value_or(""), HasSubstr("the stored state is not the one"));
}

/// Whether any file below a folder holds these bytes.
bool is_on_disk(const std::filesystem::path& folder, Bytes wanted) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    const std::string text(wanted.begin(), wanted.end());
    if (content.find(text) != std::string::npos) return true;
  }
  return false;
}

std::uint64_t bytes_below(const std::filesystem::path& folder) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) bytes += entry.file_size();
  return bytes;
}

TEST(Prune, GivesBackTheRoomAndKeepsEveryProof) {
  salus::test::TemporaryFolder folder;
  MadeNode node(folder.path() / "node", {.devices = 50});
  node.add_blocks(40);
  BlockStore store(node.folder() / kBlocksFolder);
  const StoredBody body = store.body({3, 7});
  // What no compression makes shorter.
  const std::vector<std::uint8_t> signature(body.bytes.end() - 64, body.bytes.end());
  const std::vector<Digest> leaves = store.leaf_hashes(3);
  ASSERT_TRUE(is_on_disk(node.folder(), signature));

  // So that everything else is in tables, as it is in the end.
  const Position first{1, 1};
  EXPECT_EQ(store.erase({&first, 1}), 1U);
  store.purge();
  const std::uint64_t before = bytes_below(node.folder());

  const PruneRequest request{{ContentType::senml_cbor}, node.time() - 10 * 60, 0};
  const PruneReport expected = count_prunable(store, request);
  EXPECT_EQ(expected.below, 30U);
  EXPECT_EQ(expected.statements, 29U * 50 - 1);
  EXPECT_EQ(store.body({3, 7}).presence, BodyPresence::present);
  const PruneReport done = prune(store, request);
  EXPECT_EQ(done.statements, expected.statements);
  EXPECT_EQ(done.bytes, expected.bytes);
  EXPECT_EQ(store.body({3, 7}).presence, BodyPresence::pruned);
  EXPECT_EQ(store.body({30, 7}).presence, BodyPresence::present);
  EXPECT_EQ(store.body({3, 0}).presence, BodyPresence::present);  // the validator's
  EXPECT_FALSE(is_on_disk(node.folder(), signature));
  // Half of a body is a signature, which does not get shorter.
  EXPECT_LT(bytes_below(node.folder()) + done.bytes / 3, before);

  const merkle::Tree tree =
      node.engine().merkle_tree_of_leaves(merkle::TreeKind::rfc9162, store.leaf_hashes(3));
  const auto header = pow::parse_header(Bytes(store.header(3)->header).first<pow::kHeaderSize>());
  EXPECT_EQ(tree.root(), header.merkle_root);
  EXPECT_EQ(store.leaf_hashes(3), leaves);
  const CheckReport report =
      check_chain(node.factory().genesis(), node.engine(), BlockStoreStorage(store));
  EXPECT_EQ(report.problem, std::nullopt);
  EXPECT_EQ(report.without_body, done.statements + 1);
}

TEST(Prune, LeavesTheLastBlocksAndWhatTheChainIsCheckedBy) {
  salus::test::TemporaryFolder folder;
  MadeNode node(folder.path() / "node", {.devices = 2});
  node.add_blocks(5);
  BlockStore store(node.folder() / kBlocksFolder);
  const std::int64_t always = std::int64_t{node.time()} + 1;
  EXPECT_EQ(count_prunable(store, {{ContentType::senml_cbor}, always, 2}).below, 4U);
  EXPECT_EQ(count_prunable(store, {{ContentType::senml_cbor}, always, 100}).below, 0U);
  for (const ContentType type :
       {ContentType::validator, ContentType::key_registration, ContentType::key_rotation,
        ContentType::key_revocation, ContentType::erasure})
    EXPECT_THROW(prune(store, {{type}, always, 0}), Error);
}

}  // namespace
}  // namespace salus::node::test
