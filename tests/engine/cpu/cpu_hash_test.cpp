// Hashing of many messages by every variant, alone and as the device mixes them, against OpenSSL.
#include <openssl/evp.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include "engine/cpu/lane_hasher.h"
#include "engine/openssl_sha256.h"
#include "tests/engine/cpu/each_hasher.h"
#include "tests/support/random_data.h"

namespace salus::engine {
namespace {

using cpu::EachHasher;

class CpuHash : public EachHasher {};
SALUS_EACH_HASHER(CpuHash);

constexpr std::uint8_t kPrefixes[] = {0x00, 0x01, 0xff};

/// Random bytes, of which messages are cut at any alignment.
Bytes pool() {
  static const std::vector<std::uint8_t> bytes = test::random_bytes((1 << 20) + 4096, 6962);
  return bytes;
}

Digest expected(std::optional<std::uint8_t> prefix, Bytes message) {
  std::vector<std::uint8_t> bytes;
  if (prefix) bytes.push_back(*prefix);
  bytes.insert(bytes.end(), message.begin(), message.end());
  return openssl_sha256(bytes);
}

void expect_hashes(const LaneHasher& hasher, const MessageView& messages,
                   std::optional<std::uint8_t> prefix) {
  std::vector<Digest> out(messages.count());
  hasher.hash_many(messages, prefix, out);
  for (std::size_t i = 0; i < out.size(); ++i)
    ASSERT_EQ(out[i], expected(prefix, messages[i]))
        << "message " << i << " of " << out.size() << ", " << messages[i].size() << " bytes"
        << (prefix ? ", prefixed" : "");
}

/// The same without a prefix and with several.
void expect_hashes(const LaneHasher& hasher, const MessageView& messages) {
  expect_hashes(hasher, messages, std::nullopt);
  for (const std::uint8_t prefix : kPrefixes) expect_hashes(hasher, messages, prefix);
}

std::vector<Bytes> cut(const std::vector<std::size_t>& lengths) {
  std::vector<Bytes> out;
  for (std::size_t i = 0; i < lengths.size(); ++i)
    out.push_back(pool().subspan(i * 37 % 4096, lengths[i]));
  return out;
}

TEST_P(CpuHash, EveryLengthUpToFourBlocks) {
  std::vector<std::size_t> lengths(4 * 64 + 1);
  std::iota(lengths.begin(), lengths.end(), 0);
  const std::vector<Bytes> messages = cut(lengths);
  expect_hashes(hasher(), MessageView::scattered(messages));
  for (const Bytes& message : messages)
    expect_hashes(hasher(), MessageView::scattered({&message, 1}), 0x00);
}

TEST_P(CpuHash, EveryCountAroundTheLanes) {
  const std::size_t lanes = hasher().lanes();
  std::vector<std::size_t> counts(2 * lanes + 3);
  std::iota(counts.begin(), counts.end(), 0);
  counts.push_back(1000);
  for (const std::size_t count : counts) {
    for (const std::size_t length : {0UL, 32UL, 55UL, 56UL, 63UL, 64UL, 200UL}) {
      const std::vector<Bytes> messages = cut(std::vector<std::size_t>(count, length));
      expect_hashes(hasher(), MessageView::scattered(messages));
    }
  }
}

TEST_P(CpuHash, AMillionMessages) {
  constexpr std::size_t kCount = 1'000'000;
  const Bytes bytes = pool().first(kCount);
  std::vector<Bytes> messages;
  for (std::size_t i = 0; i < kCount; ++i)
    messages.push_back(bytes.subspan(i, std::min(i % 80, kCount - i)));
  expect_hashes(hasher(), MessageView::scattered(messages), std::nullopt);
}

TEST_P(CpuHash, SideBySideMessagesOfOneLength) {
  for (const std::size_t length : {1UL, 31UL, 32UL, 64UL, 65UL, 1024UL})
    for (const std::size_t count : {1UL, 2UL, 33UL, 100UL})
      expect_hashes(hasher(), MessageView::fixed(pool().subspan(1, count * length), length));
}

TEST_P(CpuHash, RandomLengthsMixed) {
  std::mt19937 random(9162);
  for (int round = 0; round < 5; ++round) {
    std::vector<std::size_t> lengths(1000);
    for (std::size_t& length : lengths) length = random() % (random() % 8 == 0 ? 5000 : 200);
    expect_hashes(hasher(), MessageView::scattered(cut(lengths)));
  }
}

TEST_P(CpuHash, OneLongMessageAmongShortOnes) {
  for (const std::size_t place : {0UL, 7UL, 99UL}) {
    std::vector<std::size_t> lengths(100, 119);
    lengths[place] = 1 << 20;
    expect_hashes(hasher(), MessageView::scattered(cut(lengths)), std::nullopt);
  }
}

/// A stream and OpenSSL's own, fed alike.
class StreamPair {
 public:
  StreamPair() : reference_(EVP_MD_CTX_new()) {
    EVP_DigestInit_ex(reference_.get(), EVP_sha256(), nullptr);
  }
  HashStream& stream() { return stream_; }
  void feed_reference(Bytes bytes) {
    EVP_DigestUpdate(reference_.get(), bytes.data(), bytes.size());
  }
  Digest reference() {
    Digest out;
    EVP_DigestFinal_ex(reference_.get(), out.data(), nullptr);
    return out;
  }

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  HashStream stream_;
  std::unique_ptr<EVP_MD_CTX, Free> reference_;
};

TEST_P(CpuHash, StreamsFedInRandomPieces) {
  std::mt19937 random(256);
  std::vector<StreamPair> pairs(50);
  for (int round = 0; round < 40; ++round) {
    std::vector<LaneHasher::Update> updates;
    for (StreamPair& pair : pairs) {
      if (random() % 4 == 0) continue;
      const std::size_t length = random() % (round % 2 == 0 ? 130 : 3000);
      const Bytes piece = pool().subspan(random() % 4096, length);
      pair.feed_reference(piece);
      updates.push_back({&pair.stream(), piece});
    }
    hasher().update(updates);
  }
  for (StreamPair& pair : pairs) EXPECT_EQ(hasher().finish(pair.stream()), pair.reference());
}

TEST_P(CpuHash, ACopiedStreamGoesOnFromTheSamePoint) {
  HashStream stream;
  const LaneHasher::Update first{&stream, pool().first(100)};
  hasher().update({&first, 1});
  HashStream copy = stream;
  EXPECT_EQ(hasher().finish(stream), openssl_sha256(pool().first(100)));
  const LaneHasher::Update second{&copy, pool().subspan(100, 100)};
  hasher().update({&second, 1});
  EXPECT_EQ(hasher().finish(copy), openssl_sha256(pool().first(200)));
}

}  // namespace
}  // namespace salus::engine
