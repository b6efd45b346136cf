// What the API shows of a node that runs: its statements on their way, blocks, proofs, telemetry.
#include "node/api/chain_reader.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <semaphore>
#include <set>
#include <string>
#include <thread>

#include "node/api/metrics.h"
#include "node/chain/receipt.h"
#include "node/statement/erasure.h"
#include "node/statement/key_registration.h"
#include "node/statement/senml.h"
#include "node/statement/sign.h"
#include "tests/support/temporary_folder.h"

namespace salus::node::api {
namespace {

using std::chrono::milliseconds;
using Message = std::vector<std::uint8_t>;

constexpr const char* kVersion = "1.2.3";

Digest id_of(const Message& message) {
  return statement_id(std::get<Statement>(parse_statement(message)));
}

class ChainReaderTest : public ::testing::Test {
 protected:
  ChainReaderTest() {
    init_dev_folder(path());
    authority_ = std::make_unique<SigningKey>(SigningKey::load(path() / "authority.pem"));
  }

  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "node"; }

  /// Starts the node, again where it runs.
  void start(bool mines) {
    reader_.reset();
    node_.reset();
    NodeConfig config;
    config.devices = "cpu";
    config.threads = 1;
    config.mining.interval = milliseconds(20);
    config.store.memory_bytes = std::size_t{32} << 20;
    std::optional<SigningKey> validator;
    if (mines) validator = SigningKey::load(path() / "validator.pem");
    node_ = std::make_unique<Node>(path(), config, std::move(validator));
    reader_ = std::make_unique<ChainReader>(parts_of(*node_, kVersion));
  }

  std::vector<Outcome> submit(const std::vector<Message>& messages) {
    Submission submission;
    for (const Message& message : messages) {
      submission.bytes.insert(submission.bytes.end(), message.begin(), message.end());
      submission.ends.push_back(static_cast<std::uint32_t>(submission.bytes.size()));
    }
    std::binary_semaphore answered{0};
    std::vector<Outcome> outcomes;
    submission.done = [&](std::span<const Outcome> all) {
      outcomes.assign(all.begin(), all.end());
      answered.release();
    };
    EXPECT_TRUE(node_->sink().submit(submission));
    answered.acquire();
    return outcomes;
  }

  void submit_all(const std::vector<Message>& messages) {
    for (const Outcome& outcome : submit(messages)) EXPECT_EQ(outcome.refusal, std::nullopt);
  }

  void wait_until_mined() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!node_->mempool().is_empty() && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(milliseconds(2));
    ASSERT_TRUE(node_->mempool().is_empty());
  }

  Message registration(std::uint64_t sequence) {
    return sign_statement(*authority_, {{}, {}, kBase, sequence}, ContentType::key_registration,
                          encode(KeyRegistration{device_.public_key(), Role::device, "bed 1"}));
  }
  /// Issued so many seconds after kBase.
  Message telemetry(std::uint64_t sequence) {
    SenmlRecord record;
    record.name = "hr";
    record.value = static_cast<double>(sequence);
    Message payload;
    append_senml(std::span(&record, 1), payload);
    const auto issued = kBase + static_cast<std::int64_t>(sequence);
    return sign_statement(device_, {{}, "bed-1", issued, sequence}, ContentType::senml_cbor,
                          payload);
  }

  /// Telemetry 1 to `count`, in blocks of a few each.
  std::vector<Digest> mine_telemetry(std::uint64_t count, std::uint64_t a_block) {
    std::vector<Digest> ids;
    std::vector<Message> messages{registration(1)};
    for (std::uint64_t sequence = 1; sequence <= count; ++sequence) {
      messages.push_back(telemetry(sequence));
      ids.push_back(id_of(messages.back()));
      if (sequence % a_block != 0 && sequence != count) continue;
      submit_all(messages);
      wait_until_mined();
      messages.clear();
    }
    return ids;
  }

  static StatementQuery telemetry_of(const SigningKey& device) {
    StatementQuery query;
    query.common = device.id();
    query.only_telemetry = true;
    return query;
  }

  /// The ids of all pages, which have at most `query.limit` statements.
  std::vector<Digest> all_pages(StatementQuery query, std::size_t* pages = nullptr) {
    std::vector<Digest> ids;
    for (;;) {
      const auto page = reader_->statements(query);
      if (!page) {
        ADD_FAILURE() << "the reader does not know its own cursor";
        return ids;
      }
      EXPECT_LE(page->statements.size(), query.limit);
      for (const StatementView& view : page->statements) ids.push_back(view.id);
      if (pages != nullptr) ++*pages;
      if (page->next.empty()) return ids;
      query.after = page->next;
    }
  }

  /// Checks the proof as somebody would who has the genesis file.
  void expect_proof(const Message& message, const ReceiptView& view) {
    const SigningKey validator = SigningKey::load(path() / "validator.pem");
    const TrustedKeys trusted = [&](const KeyId& id) -> std::optional<PublicKey> {
      if (id != validator.id()) return std::nullopt;
      return validator.public_key();
    };
    const Digest chain = load_genesis(path()).id();
    const auto checked = check_receipt(view.receipt, message, chain, trusted);
    const auto* receipt = std::get_if<Receipt>(&checked);
    ASSERT_NE(receipt, nullptr) << to_string(std::get<ReceiptFault>(checked));
    const auto header = decode_signed_header(view.signed_header);
    ASSERT_TRUE(header && view.place.position);
    EXPECT_EQ(receipt->root, header->header.merkle_root);
    EXPECT_EQ(receipt->height, view.place.position->height);
    EXPECT_EQ(receipt->index, view.place.position->index);
    const auto checked_header = check_signed_header(*header, chain, trusted);
    const auto* said = std::get_if<CheckedHeader>(&checked_header);
    ASSERT_NE(said, nullptr) << to_string(std::get<HeaderFault>(checked_header));
    EXPECT_EQ(said->id, view.place.position->block);
  }

  static constexpr Digest kUnknown{0xab};
  const std::int64_t kBase = system_clock()();
  salus::test::TemporaryFolder folder_;
  std::unique_ptr<SigningKey> authority_;
  SigningKey device_ = SigningKey::generate(Algorithm::ed25519);
  std::unique_ptr<Node> node_;
  std::unique_ptr<ChainReader> reader_;
};

TEST_F(ChainReaderTest, FollowsAStatementFromTheLogIntoABlock) {
  start(false);
  const Message message = telemetry(1);
  const Digest id = id_of(message);
  submit_all({registration(1), message});
  auto view = reader_->statement(id);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->place.state, StatementState::received);
  EXPECT_FALSE(view->place.position);
  EXPECT_EQ(view->message, message);
  const auto early = reader_->receipt(id);
  ASSERT_TRUE(early);
  EXPECT_EQ(early->place.state, StatementState::received);
  EXPECT_TRUE(early->receipt.empty());
  EXPECT_EQ(reader_->status().waiting, 2U);

  start(true);
  wait_until_mined();
  view = reader_->statement(id);
  ASSERT_TRUE(view && view->place.position);
  EXPECT_EQ(view->place.state, StatementState::in_block);
  EXPECT_EQ(view->message, message);
  const auto block = reader_->block({view->place.position->block, 0, 10});
  ASSERT_TRUE(block);
  EXPECT_EQ(block->height, view->place.position->height);
  EXPECT_EQ(block->statement_ids.at(view->place.position->index), id);
}

TEST_F(ChainReaderTest, ProvesThatAStatementIsInABlock) {
  start(true);
  const Message message = telemetry(1);
  submit_all({registration(1), message});
  wait_until_mined();
  for (int again = 0; again < 2; ++again) {  // the second one from a tree that is kept
    const auto view = reader_->receipt(id_of(message));
    ASSERT_TRUE(view);
    expect_proof(message, *view);
  }
}

TEST_F(ChainReaderTest, GivesNoReceiptWithoutAValidatorsKey) {
  start(true);
  const Message message = telemetry(1);
  submit_all({registration(1), message});
  wait_until_mined();
  start(false);
  const auto view = reader_->receipt(id_of(message));
  ASSERT_TRUE(view);
  EXPECT_EQ(view->place.state, StatementState::in_block);
  EXPECT_TRUE(view->receipt.empty());
  EXPECT_TRUE(view->signed_header.empty());
}

TEST_F(ChainReaderTest, ShowsBlocksWithTheWorkThatBuriesThem) {
  start(true);
  mine_telemetry(6, 2);
  start(false);  // so that no more come
  const NodeStatus status = reader_->status();
  ASSERT_GE(status.height, 3U);
  const auto genesis = reader_->block({std::uint64_t{0}, 0, 10});
  ASSERT_TRUE(genesis);
  EXPECT_EQ(genesis->id, status.chain);
  EXPECT_EQ(genesis->statements, 0U);
  EXPECT_TRUE(genesis->is_final);
  EXPECT_EQ(genesis->blocks_above, status.height);
  EXPECT_EQ(genesis->work_above, status.total_work);
  const auto tip = reader_->block({status.tip, 1, 1});
  ASSERT_TRUE(tip);
  EXPECT_EQ(tip->height, status.height);
  EXPECT_EQ(tip->blocks_above, 0U);
  EXPECT_TRUE(tip->work_above.is_zero());
  EXPECT_EQ(tip->statements, 3U);
  EXPECT_EQ(tip->statement_ids.size(), 1U);
  EXPECT_TRUE(reader_->block({status.tip, 99, 10})->statement_ids.empty());
}

TEST_F(ChainReaderTest, KnowsNothingOfWhatIsNotThere) {
  start(true);
  EXPECT_FALSE(reader_->statement(kUnknown));
  EXPECT_FALSE(reader_->receipt(kUnknown));
  EXPECT_FALSE(reader_->key(device_.id()));
  EXPECT_FALSE(reader_->block({kUnknown, 0, 1}));
  EXPECT_FALSE(reader_->block({std::uint64_t{1} << 40, 0, 1}));
  EXPECT_FALSE(reader_->statement(load_genesis(path()).header().merkle_root));
  StatementQuery query = telemetry_of(device_);
  const auto page = reader_->statements(query);
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->statements.empty());
  EXPECT_TRUE(page->next.empty());
}

TEST_F(ChainReaderTest, ShowsAKeyOnceItsRegistrationIsInABlock) {
  start(true);
  submit_all({registration(1), telemetry(7)});
  wait_until_mined();
  const auto record = reader_->key(device_.id());
  ASSERT_TRUE(record);
  EXPECT_EQ(record->role, Role::device);
  EXPECT_EQ(record->last->sequence, 7U);
}

TEST_F(ChainReaderTest, PagesThroughTelemetryInTheOrderOfTheChain) {
  start(true);
  const std::vector<Digest> ids = mine_telemetry(11, 3);
  StatementQuery query = telemetry_of(device_);
  for (const std::size_t limit : {1U, 2U, 11U, 100U}) {
    query.limit = limit;
    std::size_t pages = 0;
    EXPECT_EQ(all_pages(query, &pages), ids);
    EXPECT_EQ(pages, (ids.size() + limit - 1) / limit);
  }
  query.limit = 100;
  query.max_bytes = 1;
  std::size_t pages = 0;
  EXPECT_EQ(all_pages(query, &pages), ids);
  EXPECT_EQ(pages, ids.size());

  query = telemetry_of(device_);
  query.from = kBase + 3;
  query.to = kBase + 5;
  query.limit = 2;
  EXPECT_EQ(all_pages(query), std::vector(ids.begin() + 2, ids.begin() + 5));
}

TEST_F(ChainReaderTest, ShowsNoStatementsAboutKeysAsTelemetry) {
  start(true);
  mine_telemetry(1, 1);
  EXPECT_TRUE(all_pages(telemetry_of(*authority_)).empty());
}

/// Statements of the device come issued later than all of the authority's: see `telemetry`.
TEST_F(ChainReaderTest, FindsStatementsBySignerSubjectTypeAndTime) {
  start(true);
  const std::vector<Digest> measured = mine_telemetry(6, 2);
  const Digest registered = id_of(registration(1));
  StatementQuery query;
  query.limit = 2;
  query.common = authority_->id();
  EXPECT_EQ(all_pages(query), std::vector{registered});
  query.common = ContentType::key_registration;
  EXPECT_EQ(all_pages(query), std::vector{registered});
  query.common = ContentType::senml_cbor;
  EXPECT_EQ(all_pages(query), measured);
  query.common = std::string("bed-1");
  EXPECT_EQ(all_pages(query), measured);
  query.from = kBase + 2;
  query.to = kBase + 4;
  EXPECT_EQ(all_pages(query), std::vector(measured.begin() + 1, measured.begin() + 4));
  query.common = std::string("bed-2");
  EXPECT_TRUE(all_pages(query).empty());
}

TEST_F(ChainReaderTest, PagesThroughAllStatementsInTheOrderOfTheirTime) {
  start(true);
  // The later one first: in the order of the chain it would come before the other.
  submit_all({registration(1)});
  wait_until_mined();
  const SigningKey other = SigningKey::generate(Algorithm::p256);
  submit_all({sign_statement(*authority_, {{}, {}, kBase, 2}, ContentType::key_registration,
                             encode(KeyRegistration{other.public_key(), Role::device, "bed 2"})),
              telemetry(9)});
  wait_until_mined();
  const Message early =
      sign_statement(other, {{}, "bed-2", kBase + 4, 1}, ContentType::fhir_json, as_bytes("{}"));
  submit_all({early});
  wait_until_mined();

  StatementQuery query;
  query.from = kBase + 1;
  for (const std::size_t limit : {1U, 100U}) {
    query.limit = limit;
    std::vector<Digest> ids;
    for (const Digest& id : all_pages(query)) {
      const auto view = reader_->statement(id);
      ASSERT_TRUE(view);
      const auto statement = std::get<Statement>(parse_statement(view->message));
      if (statement.type != ContentType::validator) ids.push_back(id);
    }
    EXPECT_EQ(ids, (std::vector{id_of(early), id_of(telemetry(9))}));
  }
}

TEST_F(ChainReaderTest, TakesNoCursorButItsOwn) {
  start(true);
  mine_telemetry(4, 2);
  StatementQuery query = telemetry_of(device_);
  query.limit = 2;
  const auto page = reader_->statements(query);
  ASSERT_TRUE(page);
  const Message cursor = page->next;
  ASSERT_FALSE(cursor.empty());
  for (std::size_t size = 1; size < cursor.size(); ++size) {
    query.after.assign(cursor.begin(), cursor.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(reader_->statements(query)) << size;
  }
  query.after = cursor;
  query.after.push_back(0);
  EXPECT_FALSE(reader_->statements(query));
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    if (i >= 8 && i < 17) continue;  // another place in the same block is as good a place
    query.after = cursor;
    query.after[i] ^= 0x40;
    EXPECT_FALSE(reader_->statements(query)) << i;
  }
}

TEST_F(ChainReaderTest, ProvesWhatWasErasedWithoutShowingIt) {
  start(true);
  const Message message = telemetry(1);
  const Digest id = id_of(message);
  submit_all({registration(1), message, telemetry(2)});
  wait_until_mined();
  submit_all(
      {sign_statement(*authority_, {{}, {}, kBase, 2}, ContentType::erasure, encode(Erasure{id}))});
  wait_until_mined();
  const auto view = reader_->statement(id);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->body, BodyState::erased);
  EXPECT_TRUE(view->message.empty());
  const auto receipt = reader_->receipt(id);
  ASSERT_TRUE(receipt);
  expect_proof(message, *receipt);
  StatementQuery query = telemetry_of(device_);
  const auto page = reader_->statements(query);
  ASSERT_TRUE(page);
  ASSERT_EQ(page->statements.size(), 2U);
  EXPECT_EQ(page->statements[0].body, BodyState::erased);
  EXPECT_EQ(page->statements[1].body, BodyState::present);
}

TEST_F(ChainReaderTest, TellsHowTheNodeIs) {
  start(true);
  EXPECT_EQ(reader_->unready_reason(), "");
  mine_telemetry(2, 1);
  EXPECT_EQ(submit({telemetry(2)}).at(0).refusal, Refusal::duplicate);
  const NodeStatus status = reader_->status();
  EXPECT_EQ(status.version, kVersion);
  EXPECT_EQ(status.chain, load_genesis(path()).id());
  EXPECT_TRUE(status.mining);
  EXPECT_EQ(status.accepted, 3U);
  EXPECT_EQ(status.refused, 1U);
  ASSERT_EQ(status.stages.size(), 5U);
  EXPECT_EQ(status.stages.front().name, "parse");
  EXPECT_EQ(status.stages.back().name, "acknowledge");
  for (const StageStatus& stage : status.stages) {
    EXPECT_GT(stage.capacity, 0U);
    EXPECT_GT(stage.latency_p99, 0);
    EXPECT_GT(stage.duty, 0);
    EXPECT_LE(stage.duty, 1);
  }
}

TEST_F(ChainReaderTest, CountsRefusalsByTheirReason) {
  start(true);
  mine_telemetry(1, 1);
  submit({telemetry(1), telemetry(1)});
  bool is_found = false;
  for (const MetricFamily& family : reader_->metrics()) {
    if (family.name != "salus_refusals_total") continue;
    for (const MetricSample& sample : family.samples) {
      const bool is_duplicate = sample.labels.at(0).second == "duplicate";
      is_found = is_found || is_duplicate;
      EXPECT_EQ(sample.value, is_duplicate ? 2 : 0) << sample.labels.at(0).second;
    }
  }
  EXPECT_TRUE(is_found);
}

TEST_F(ChainReaderTest, CountsTheTimeThatEachDeviceWorked) {
  start(true);
  mine_telemetry(2, 1);
  std::vector<MetricSample> devices;
  for (const MetricFamily& family : reader_->metrics())
    if (family.name == "salus_device_busy_seconds_total") devices = family.samples;
  ASSERT_EQ(devices.size(), 1U);
  EXPECT_EQ(devices[0].labels.at(0), std::pair(std::string("device"), std::string("cpu")));
  EXPECT_GT(devices[0].value, 0);
}

TEST_F(ChainReaderTest, GivesNoMetricTwice) {
  start(true);
  const std::string text = HttpMetrics().serialise(reader_->status(), true, reader_->metrics());
  std::set<std::string> names;
  std::size_t families = 0;
  constexpr std::string_view kType = "# TYPE ";
  for (auto at = text.find(kType); at != std::string::npos; at = text.find(kType, at + 1)) {
    const auto begin = at + kType.size();
    names.insert(text.substr(begin, text.find(' ', begin) - begin));
    ++families;
  }
  EXPECT_EQ(names.size(), families);
  for (const char* name :
       {"salus_stage_busy_seconds_total", "salus_mempool_dropped_total", "salus_log_records_total",
        "salus_producer_blocks_total", "salus_store_disk_bytes", "salus_chain_height"})
    EXPECT_TRUE(names.contains(name)) << name;
}

}  // namespace
}  // namespace salus::node::api
