#include "tests/node/ingest/intake_fixture.h"

#include <gtest/gtest.h>

#include <utility>

namespace salus::node::test {
namespace {

IngestOptions with_clock(IngestOptions options, const std::int64_t& now) {
  options.clock = [&now] { return now; };
  return options;
}

ChainOptions chain_options(Mempool& mempool, const std::int64_t& now) {
  ChainOptions options;
  options.clock = [&now] { return now; };
  options.threads = 1;
  options.on_connected = [&mempool](const ConnectedBlock& block) { mempool.on_connected(block); };
  return options;
}

}  // namespace

Submission Answers::ask(const std::vector<Message>& messages) {
  Submission submission;
  for (const Message& message : messages) {
    submission.bytes.insert(submission.bytes.end(), message.begin(), message.end());
    submission.ends.push_back(static_cast<std::uint32_t>(submission.bytes.size()));
  }
  {
    const std::lock_guard lock(mutex_);
    ++asked_;
  }
  submission.done = [this](std::span<const Outcome> outcomes) {
    const std::lock_guard lock(mutex_);
    outcomes_.insert(outcomes_.end(), outcomes.begin(), outcomes.end());
    ++answered_;
    changed_.notify_all();
  };
  return submission;
}

std::vector<Outcome> Answers::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return answered_ == asked_; });
  return outcomes_;
}

IntakeFixture::IntakeFixture(IngestOptions options, std::optional<std::filesystem::path> log_folder)
    : chain(factory.genesis(), engine, storage, chain_options(mempool, now)),
      log(log_folder.value_or(folder.path() / "intake"), {.segment_bytes = std::size_t{1} << 20}),
      pipeline(chain, engine, log, mempool, with_clock(std::move(options), now)) {}

std::vector<Outcome> IntakeFixture::submit(const std::vector<Message>& messages) {
  Answers answers;
  Submission submission = answers.ask(messages);
  EXPECT_TRUE(pipeline.submit(submission));
  return answers.wait();
}

void IntakeFixture::add_block(const std::vector<Message>& messages) {
  const NextBlock next = chain.next_block();
  const AddResult added =
      chain.add_block(factory.block(next, static_cast<std::uint32_t>(now), messages));
  EXPECT_EQ(added.standing, Standing::on_chain) << (added.fault ? describe(*added.fault) : "");
}

std::vector<Message> IntakeFixture::logged() const {
  std::vector<Message> messages;
  log.replay(0,
             [&](Sequence, Bytes record) { messages.emplace_back(record.begin(), record.end()); });
  return messages;
}

}  // namespace salus::node::test
