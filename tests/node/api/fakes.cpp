#include "tests/node/api/fakes.h"

#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "node/statement/senml.h"
#include "node/statement/sign.h"

namespace salus::test {

using namespace node;       // NOLINT: fakes of it
using namespace node::api;  // NOLINT

FakeSink::FakeSink()
    : judge([](Bytes) { return std::nullopt; }),
      thread_([this](const std::stop_token& stop) { answer_all(stop); }) {}

FakeSink::~FakeSink() = default;

bool FakeSink::submit(Submission& submission) {
  if (full) return false;
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::exchange(submission, {}));
  changed_.notify_all();
  return true;
}

void FakeSink::hold(bool on) {
  const std::lock_guard lock(mutex_);
  hold_ = on;
  changed_.notify_all();
}

void FakeSink::drop_held() {
  std::vector<Submission> dropped;
  const std::lock_guard lock(mutex_);
  dropped.swap(waiting_);
}

std::size_t FakeSink::held() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

std::vector<std::vector<std::uint8_t>> FakeSink::messages() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

void FakeSink::answer_all(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return !hold_ && !waiting_.empty(); })) {
    std::vector<Submission> taken;
    taken.swap(waiting_);
    for (const Submission& submission : taken)
      for (std::size_t i = 0; i < submission.size(); ++i)
        seen_.emplace_back(submission.message(i).begin(), submission.message(i).end());
    lock.unlock();
    for (Submission& submission : taken) answer(submission);
    taken.clear();
    lock.lock();
  }
}

void FakeSink::answer(Submission& submission) {
  std::vector<Outcome> outcomes;
  for (std::size_t i = 0; i < submission.size(); ++i)
    outcomes.push_back({openssl_sha256(submission.message(i)), judge(submission.message(i))});
  submission.done(outcomes);
}

namespace {

constexpr std::int64_t kTime = 1700000000;

std::vector<std::uint8_t> heart_rate() {
  std::vector<SenmlRecord> records(1);
  records[0].base_name = "urn:dev:mac:0024befffe804ff1/";
  records[0].base_time = kTime;
  records[0].name = "hr";
  records[0].unit = "beat/min";
  records[0].value = 72.0;
  std::vector<std::uint8_t> out;
  append_senml(records, out);
  return out;
}

}  // namespace

FakeNode::FakeNode() {
  const SigningKey signer = SigningKey::generate(Algorithm::ed25519);
  device = signer.id();
  message = sign_statement(
      signer, {.issuer = {}, .subject = kSecretSubject, .issued_at = kTime, .sequence = 7},
      ContentType::senml_cbor, heart_rate());
  statement_id = node::statement_id(std::get<Statement>(parse_statement(message)));
  block_id = openssl_sha256(statement_id);
}

void FakeNode::enter() const {
  if (broken) throw Error(ErrorKind::input, "000017.sst is damaged");
}

StatementPlace FakeNode::place() const {
  return {StatementState::in_block, BlockPosition{kFakeHeight, 1, block_id, 3, pow::Uint256(4096)}};
}

NodeStatus FakeNode::status() const {
  enter();
  NodeStatus status;
  status.version = "0.1.0";
  status.height = kFakeHeight;
  status.tip = block_id;
  status.total_work = pow::Uint256(12345);
  status.accepted = 10;
  status.refused = 2;
  status.mempool = {5, 1000, false};
  status.log = {10, 4, 4096, 0.002};
  status.devices = {"cpu"};
  status.stages = {{"verify", 3, 100, 0.5, 0.001, 0.002}};
  return status;
}

std::optional<BlockSummary> FakeNode::block(const BlockQuery& query) const {
  enter();
  const auto* height = std::get_if<std::uint64_t>(&query.block);
  const auto* id = std::get_if<Digest>(&query.block);
  if ((height != nullptr && *height != kFakeHeight) || (id != nullptr && *id != block_id))
    return std::nullopt;
  BlockSummary summary;
  summary.id = block_id;
  summary.height = kFakeHeight;
  summary.statements = 2;
  summary.first = query.first;
  if (query.first <= 1 && query.count > 0) summary.statement_ids.push_back(statement_id);
  return summary;
}

std::optional<StatementView> FakeNode::statement(const Digest& id) const {
  enter();
  if (id != statement_id) return std::nullopt;
  return StatementView{id, place(), BodyState::present, message};
}

std::optional<ReceiptView> FakeNode::receipt(const Digest& id) const {
  enter();
  if (id != statement_id) return std::nullopt;
  return ReceiptView{place(), {0xd2, 0x84}, {0x83}, {}};
}

bool FakeNode::has(const CommonTerm& common) const {
  if (const auto* signer = std::get_if<KeyId>(&common)) return *signer == device;
  if (const auto* subject = std::get_if<std::string>(&common)) return *subject == kSecretSubject;
  if (const auto* type = std::get_if<ContentType>(&common)) return *type == ContentType::senml_cbor;
  return true;
}

std::optional<StatementPage> FakeNode::statements(const StatementQuery& query) const {
  enter();
  const std::vector<std::uint8_t> cursor{1, 2, 3};
  if (!query.after.empty() && query.after != cursor) return std::nullopt;
  StatementPage page;
  if (!has(query.common) || query.from > kTime || query.to < kTime) return page;
  page.statements.push_back({statement_id, place(), BodyState::present, message});
  if (query.after.empty()) page.next = cursor;
  return page;
}

std::optional<KeyRecord> FakeNode::key(const KeyId& id) const {
  enter();
  if (id != device) return std::nullopt;
  KeyRecord record;
  record.registered_at = kTime;
  record.last = LastStatement{7, statement_id};
  return record;
}

std::vector<MetricFamily> FakeNode::metrics() const {
  return {{"salus_mqtt_connections", "Open.", MetricKind::gauge, {{{{"tls", "no"}}, 4}}}};
}

}  // namespace salus::test
