// The same blocks, good ones and bad ones, give the same answers and the same state on every
// backend.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "engine/error.h"
#include "node/statement/key_registration.h"
#include "node/statement/key_rotation.h"
#include "tests/node/chain/chain_fixture.h"
#include "tests/support/kernel_cache.h"

#ifdef SALUS_CUDA_SHIM
#include "cuda_shim.h"
#endif

namespace salus::node::test {
namespace {

struct Backend {
  const char* name;
  engine::EngineOptions options;
};

std::vector<Backend> backends() {
#ifdef SALUS_CUDA_SHIM
  return {{"cuda", {.devices = "cuda:0"}}};
#else
  return {{"scalar", {.devices = "cpu", .cpu = {1, "scalar", "portable"}}},
          {"without_tables", {.devices = "cpu", .key_cache_bytes = 0}},
          {"opencl", {.devices = "opencl:0"}}};
#endif
}

/// Blocks on top of one another, with faults between.
class Blocks {
 public:
  explicit Blocks(const Maker& maker) : maker_(maker), tip_(maker.genesis_block()) {
    add({telemetry(0, 1), telemetry(1, 1), telemetry(2, 1), telemetry(3, 1)});
    std::vector<Message> spoilt{telemetry(0, 2), telemetry(1, 2), telemetry(2, 2)};
    for (std::size_t i = 0; i < spoilt.size(); ++i) {
      std::vector<Message> messages = spoilt;
      messages[i].back() ^= 1;
      all_.push_back(maker_.block(tip_, messages));
      messages[i] = telemetry(i, 1);
      all_.push_back(maker_.block(tip_, messages));
    }
    const SigningKey first = SigningKey::generate(Algorithm::p256);
    const SigningKey second = SigningKey::generate(Algorithm::ed25519);
    const auto sign = [&](const SigningKey& key, ContentType type, Bytes payload,
                          std::uint64_t sequence) {
      return Maker::statement(key, type, payload, sequence, tip_.time);
    };
    add({sign(maker.factory().authority(), ContentType::key_registration,
              encode(KeyRegistration{first.public_key(), Role::device, ""}), 1),
         sign(first, ContentType::key_rotation,
              encode(KeyRotation{first.id(), second.public_key()}), 1),
         sign(second, ContentType::fhir_json, as_bytes("{}"), 1)});
    add({telemetry(0, 3), telemetry(1, 3), telemetry(2, 3), telemetry(3, 3)});
  }

  [[nodiscard]] const std::vector<Made>& all() const { return all_; }

 private:
  void add(const std::vector<Message>& messages) {
    tip_ = maker_.block(tip_, messages);
    all_.push_back(tip_);
  }
  [[nodiscard]] Message telemetry(std::size_t device, std::uint64_t sequence) const {
    return maker_.factory().telemetry(device, tip_.time, sequence);
  }

  const Maker& maker_;
  Made tip_;
  std::vector<Made> all_;
};

struct Answers {
  std::vector<std::string> faults;
  Digest tip;
  Digest state;
};

Answers answers_on(engine::Engine& engine, const Maker& maker, const std::vector<Made>& blocks) {
  TestChain chain(maker, {}, engine);
  Answers answers;
  for (const Made& block : blocks) {
    const AddResult result = chain.add(block);
    answers.faults.push_back(result.fault ? describe(*result.fault) : to_string(result.standing));
  }
  answers.tip = chain.tip();
  answers.state = chain.state_digest();
  return answers;
}

class Backends : public testing::TestWithParam<Backend> {};

TEST_P(Backends, GiveTheSameAnswersAndTheSameState) {
#ifdef SALUS_CUDA_SHIM
  cuda_shim::reset();
#endif
  salus::test::use_kernel_cache();
  std::unique_ptr<engine::Engine> engine;
  try {
    engine = std::make_unique<engine::Engine>(GetParam().options);
  } catch (const Error& error) {
    GTEST_SKIP() << error.what();
  }
  const Maker maker({.devices = 4, .p256_share = 0.5});
  const Blocks blocks(maker);
  const Answers expected = answers_on(cpu_engine(), maker, blocks.all());
  const Answers found = answers_on(*engine, maker, blocks.all());
  EXPECT_EQ(found.faults, expected.faults);
  EXPECT_EQ(found.tip, expected.tip);
  EXPECT_EQ(found.state, expected.state);
  // None of the answers is of a device that gave up.
  EXPECT_EQ(engine->devices().size(), 1U);
  EXPECT_EQ(expected.faults.front(), "on_chain");
  EXPECT_EQ(expected.faults[1], "statement_refused: statement 1, bad_signature");
  EXPECT_EQ(expected.faults.back(), "on_chain");
}

INSTANTIATE_TEST_SUITE_P(All, Backends, testing::ValuesIn(backends()),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace salus::node::test
