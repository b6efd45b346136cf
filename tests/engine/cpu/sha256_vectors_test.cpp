// Published SHA-256 vectors through every CPU variant: the examples of FIPS 180-4 and NIST's CAVP
// files (short, long and Monte Carlo messages).
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/engine/cpu/each_hasher.h"
#include "tests/support/places.h"

namespace salus::engine {
namespace {

class Sha256Vectors : public cpu::EachHasher {
 protected:
  std::vector<Digest> hash(std::span<const Bytes> messages) {
    std::vector<Digest> out(messages.size());
    hasher().hash_many(MessageView::scattered(messages), std::nullopt, out);
    return out;
  }
  Digest hash(Bytes message) { return hash(std::span(&message, 1)).front(); }
};
SALUS_EACH_HASHER(Sha256Vectors);

/// The "key = value" lines of a CAVP response file, in order.
std::vector<std::pair<std::string, std::string>> read_response_file(const std::string& name) {
  std::ifstream file(test::test_data("cavp/" + name));
  if (!file) throw std::runtime_error("cannot read " + name);
  std::vector<std::pair<std::string, std::string>> out;
  for (std::string line; std::getline(file, line);) {
    const std::size_t equals = line.find(" = ");
    if (line.empty() || line[0] == '#' || line[0] == '[' || equals == std::string::npos) continue;
    while (line.ends_with('\r')) line.pop_back();
    out.emplace_back(line.substr(0, equals), line.substr(equals + 3));
  }
  return out;
}

struct KnownAnswer {
  std::vector<std::uint8_t> message;
  std::string digest;
};

std::vector<KnownAnswer> read_known_answers(const std::string& name) {
  std::vector<KnownAnswer> out;
  std::size_t length = 0;
  for (const auto& [key, value] : read_response_file(name)) {
    if (key == "Len") {
      length = std::stoul(value) / 8;
    } else if (key == "Msg") {
      out.push_back({from_hex(value).value(), ""});
      out.back().message.resize(length);  // the empty message is written as "00"
    } else if (key == "MD") {
      out.back().digest = value;
    }
  }
  return out;
}

TEST_P(Sha256Vectors, ExamplesOfTheStandard) {
  const struct {
    std::string message;
    const char* digest;
  } examples[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmn"
       "o"
       "pqrsmnopqrstnopqrstu",
       "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
      {std::string(1'000'000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  for (const auto& example : examples)
    EXPECT_EQ(to_hex(hash(as_bytes(example.message))), example.digest);
}

TEST_P(Sha256Vectors, CavpShortAndLongMessages) {
  for (const char* file : {"SHA256ShortMsg.rsp", "SHA256LongMsg.rsp"}) {
    const std::vector<KnownAnswer> answers = read_known_answers(file);
    ASSERT_GE(answers.size(), 64U);
    std::vector<Bytes> messages;
    for (const KnownAnswer& answer : answers) messages.emplace_back(answer.message);
    const std::vector<Digest> together = hash(messages);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      EXPECT_EQ(to_hex(together[i]), answers[i].digest) << file << ", message " << i;
      EXPECT_EQ(to_hex(hash(messages[i])), answers[i].digest) << file << ", message " << i;
    }
  }
}

/// Section 6.4 of "The Secure Hash Algorithm Validation System": each of 1,000 messages is the last
/// three digests; the thousandth digest is a checkpoint and the seed of the next.
Digest next_checkpoint(const LaneHasher& hasher, const Digest& seed) {
  Digest last[3] = {seed, seed, seed};
  for (int i = 0; i < 1000; ++i) {
    std::uint8_t message[sizeof last];
    std::copy_n(last[0].data(), 32, message);
    std::copy_n(last[1].data(), 32, message + 32);
    std::copy_n(last[2].data(), 32, message + 64);
    last[0] = last[1];
    last[1] = last[2];
    const Bytes view = message;
    hasher.hash_many(MessageView::scattered({&view, 1}), std::nullopt, {&last[2], 1});
  }
  return last[2];
}

TEST_P(Sha256Vectors, CavpMonteCarlo) {
  Digest seed{};
  int done = 0;
  int checked = 0;
  int count = 0;
  for (const auto& [key, value] : read_response_file("SHA256Monte.rsp")) {
    if (key == "Seed") {
      seed = digest_from_hex(value).value();
    } else if (key == "COUNT") {
      count = std::stoi(value);
    } else if (key == "MD") {
      for (; done <= count; ++done) seed = next_checkpoint(hasher(), seed);
      ASSERT_EQ(to_hex(seed), value) << "checkpoint " << count;
      ++checked;
    }
  }
  EXPECT_EQ(done, 100);
  EXPECT_EQ(checked, 15);
}

}  // namespace
}  // namespace salus::engine
