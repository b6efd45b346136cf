#include "engine/openssl_sha256.h"
#include "tests/engine/cuda/cuda_fixture.h"

namespace salus::engine::cuda {
namespace {

class CudaHash : public CudaTest {
 protected:
  void expect_as_openssl(const MessageView& messages, std::optional<std::uint8_t> prefix) {
    std::vector<Digest> expected(messages.count());
    for (std::size_t i = 0; i < messages.count(); ++i) {
      std::vector<std::uint8_t> bytes;
      if (prefix) bytes.push_back(*prefix);
      bytes.insert(bytes.end(), messages[i].begin(), messages[i].end());
      expected[i] = openssl_sha256(bytes);
    }
    for (const HashChoice& choice : hash_kernels()) {
      SCOPED_TRACE(choice.name());
      std::vector<Digest> digests(messages.count());
      parts_->hasher.hash_many(choice, messages, prefix, digests);
      EXPECT_EQ(digests, expected);
    }
  }
};

TEST_F(CudaHash, DigestsOfEveryLengthAroundBlockEndsAreOpenSslsWithAndWithoutPrefix) {
  const std::vector<std::uint8_t> bytes = random_bytes(400, 1);
  std::vector<Bytes> messages;
  for (std::size_t length = 0; length <= 260; ++length)
    messages.push_back(Bytes(bytes).subspan(length % 7, length));
  for (const auto prefix : {std::optional<std::uint8_t>(), std::optional<std::uint8_t>(0),
                            std::optional<std::uint8_t>(0xff)})
    expect_as_openssl(MessageView::scattered(messages), prefix);
}

TEST_F(CudaHash, DigestsOfMessagesSideBySideAreOpenSsls) {
  for (const std::size_t length : {1, 3, 16, 31, 32, 33, 55, 56, 63, 64, 65, 119, 120, 128, 1000}) {
    const std::vector<std::uint8_t> bytes = random_bytes(length * 131, 2);
    expect_as_openssl(MessageView::fixed(bytes, length), std::nullopt);
    expect_as_openssl(MessageView::fixed(bytes, length), 0);
  }
}

TEST_F(CudaHash, AnyNumberOfMessagesIsHashed) {
  const std::vector<std::uint8_t> bytes = random_bytes(600 * 40, 3);
  for (const std::size_t count : {0, 1, 2, 127, 128, 129, 255, 256, 257, 600}) {
    expect_as_openssl(MessageView::fixed(Bytes(bytes).first(count * 40), 40), std::nullopt);
    std::vector<Bytes> messages;
    for (std::size_t i = 0; i < count; ++i)
      messages.push_back(Bytes(bytes).subspan(i * 40, i % 41));
    expect_as_openssl(MessageView::scattered(messages), 1);
  }
}

TEST_F(CudaHash, AMillionMessagesAreHashed) {
  const std::vector<std::uint8_t> bytes = random_bytes(8'000'000, 5);
  expect_as_openssl(MessageView::fixed(bytes, 8), std::nullopt);
}

TEST_F(CudaHash, AMessageLongerThanABatchIsHashedWhole) {
  const std::vector<std::uint8_t> bytes = random_bytes(300'000, 4);
  const std::vector<Bytes> messages = {Bytes(bytes).first(10), bytes, Bytes(bytes).first(100'001),
                                       Bytes(bytes).first(64)};
  expect_as_openssl(MessageView::scattered(messages), std::nullopt);
}

TEST_F(CudaHash, EmptyMessagesAreHashed) {
  const std::vector<Bytes> messages(200);
  expect_as_openssl(MessageView::scattered(messages), std::nullopt);
  expect_as_openssl(MessageView::scattered(messages), 7);
}

}  // namespace
}  // namespace salus::engine::cuda
