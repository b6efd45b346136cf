#include "cli/simulate/generator.h"

#include <gtest/gtest.h>

#include <map>

#include "cli/simulate/fleet.h"
#include "engine/signature/reference.h"
#include "node/state/rules.h"
#include "node/statement/statement.h"

namespace salus::test {
namespace {

using namespace cli::simulate;  // NOLINT: a test about nothing else
using engine::signature::Reason;
using node::Statement;

struct Made {
  std::size_t lane;
  Kind kind;
  Statement statement;
  bool is_genuine;
};

class Generated : public testing::Test {
 protected:
  void make(std::size_t lanes, const GeneratorOptions& options) {
    const MadeUpPacks packs;
    Feeds feeds(lanes, 2, {});
    Generator generator(fleet_, packs, feeds, options);
    for (std::size_t lane = 0; lane < lanes; lane = (lane + 1) % lanes) {
      if (auto batch =
              feeds.take(lane, std::chrono::steady_clock::now() + std::chrono::milliseconds(5)))
        batches_.push_back(std::move(*batch)), note(lane, batches_.back());
      bool is_over = true;
      for (std::size_t i = 0; i < lanes; ++i) is_over = is_over && feeds.is_over(i);
      if (is_over) break;
    }
    generator.rethrow();
  }

  void note(std::size_t lane, const Batch& batch) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto parsed = node::parse_statement(batch.message(i));
      ASSERT_TRUE(std::holds_alternative<Statement>(parsed));
      const auto& statement = std::get<Statement>(parsed);
      made_.push_back({lane, batch.kinds[i], statement, is_genuine(statement)});
    }
  }

  [[nodiscard]] bool is_genuine(const Statement& statement) const {
    for (const node::SigningKey& key : fleet_) {
      if (key.id() != statement.signer) continue;
      std::vector<std::uint8_t> signed_bytes;
      append_signed_bytes(statement, signed_bytes);
      return engine::signature::verify_reference(
                 {key.algorithm(), key.public_key().bytes, signed_bytes, statement.signature}) ==
             Reason::valid;
    }
    return false;
  }

  [[nodiscard]] std::size_t count(Kind kind) const {
    return static_cast<std::size_t>(
        std::count_if(made_.begin(), made_.end(), [&](const Made& m) { return m.kind == kind; }));
  }

  std::vector<node::SigningKey> fleet_ =
      make_fleet({.devices = 7, .p256_share = 0.5, .seed = 3, .keys_folder = {}});
  std::deque<Batch> batches_;
  std::vector<Made> made_;
};

TEST_F(Generated, StatementsOfADeviceGoThroughOneLaneInOrder) {
  make(3, {.batch = 4, .count = 60, .begin = 1'700'000'000, .first_sequence = 100, .threads = 2});
  EXPECT_EQ(made_.size(), 60U);
  std::map<node::KeyId, std::pair<std::size_t, std::uint64_t>> last;
  for (const Made& made : made_) {
    EXPECT_TRUE(made.is_genuine);
    EXPECT_FALSE(check_payload(made.statement));
    const auto [at, is_first] =
        last.try_emplace(made.statement.signer, made.lane, made.statement.sequence);
    if (is_first) {
      EXPECT_EQ(made.statement.sequence, 100U);
      continue;
    }
    EXPECT_EQ(at->second.first, made.lane);
    EXPECT_EQ(at->second.second + 1, made.statement.sequence);
    at->second.second = made.statement.sequence;
  }
  EXPECT_EQ(last.size(), fleet_.size());
}

TEST_F(Generated, StatementsAreTamperedWithAndReplayedAsOftenAsWanted) {
  make(1, {.batch = 10, .count = 100, .tampered = 0.1, .replayed = 0.2, .begin = 1'700'000'000});
  EXPECT_EQ(count(Kind::tampered), 10U);
  EXPECT_EQ(count(Kind::honest), 90U);
  EXPECT_EQ(count(Kind::replayed), 20U);
  std::map<Digest, int> seen;
  for (const Made& made : made_) {
    EXPECT_EQ(made.is_genuine, made.kind != Kind::tampered);
    EXPECT_FALSE(check_payload(made.statement)) << "what is altered is of the right form still";
    const bool is_known = seen[statement_id(made.statement)]++ != 0;
    EXPECT_EQ(is_known, made.kind == Kind::replayed);
  }
}

}  // namespace
}  // namespace salus::test
