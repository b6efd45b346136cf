// Bulk hashing against OpenSSL: every padding case, batch edges, long messages, prefix.
#include "engine/openssl_sha256.h"
#include "tests/engine/opencl/opencl_fixture.h"

namespace salus::engine::opencl {
namespace {

using OpenClHash = EveryLaneWidth;

Digest reference(std::optional<std::uint8_t> prefix, Bytes message) {
  std::vector<std::uint8_t> bytes;
  if (prefix) bytes.push_back(*prefix);
  bytes.insert(bytes.end(), message.begin(), message.end());
  return openssl_sha256(bytes);
}

void expect_hashes(Device& device, const MessageView& messages,
                   std::optional<std::uint8_t> prefix = std::nullopt) {
  std::vector<Digest> out(messages.count());
  device.hash_many(messages, prefix, out);
  for (std::size_t i = 0; i < out.size(); ++i) {
    ASSERT_EQ(to_hex(out[i]), to_hex(reference(prefix, messages[i])))
        << "message " << i << " of " << out.size() << ", " << messages[i].size() << " bytes";
  }
}

TEST_P(OpenClHash, AgreesWithOpenSslOnEveryLengthThatPaddingTreatsDifferently) {
  const std::vector<std::uint8_t> bytes = random_bytes((1 << 20) + 7, 1);
  std::vector<Bytes> messages;
  for (const std::size_t size :
       {0, 1, 54, 55, 56, 62, 63, 64, 65, 118, 119, 120, 127, 128, 1 << 20}) {
    messages.push_back(Bytes(bytes).subspan(size % 7, size));
  }
  for (std::size_t size = 0; size < 200; ++size) messages.push_back(Bytes(bytes).subspan(3, size));
  expect_hashes(*device_, MessageView::scattered(messages));
  expect_hashes(*device_, MessageView::scattered(messages), std::uint8_t{0});
  expect_hashes(*device_, MessageView::scattered(messages), std::uint8_t{0xff});
}

TEST_P(OpenClHash, AgreesWithOpenSslOnEveryCountAroundTheLaneWidth) {
  const unsigned lanes = GetParam();
  for (const std::size_t count : {0u, 1u, lanes - 1, lanes, lanes + 1, 3 * lanes + 1, 5000u}) {
    const std::vector<std::uint8_t> bytes = random_bytes(count * 100, 2);
    expect_hashes(*device_, MessageView::fixed(bytes, 100));
    expect_hashes(*device_, MessageView::fixed(bytes, 50), std::uint8_t{1});
    expect_hashes(*device_, MessageView::fixed(bytes, 4));
  }
}

TEST_P(OpenClHash, AgreesWithOpenSslOnAMillionMessages) {
  const std::vector<std::uint8_t> bytes = random_bytes(16'000'000, 8);
  expect_hashes(*device_, MessageView::fixed(bytes, 16));
}

TEST_P(OpenClHash, MessagesLongerThanABufferKeepTheirStateBetweenLaunches) {
  OpenClOptions options = test_options(GetParam());
  options.staging_bytes = 8192;
  open(options);
  const std::vector<std::uint8_t> bytes = random_bytes(100'000, 3);
  std::vector<Bytes> messages;
  for (const std::size_t size : {100'000, 5, 8192, 8191, 8183, 8184, 0, 64, 50'000, 16'384, 1}) {
    messages.push_back(Bytes(bytes).first(size));
  }
  for (std::size_t i = 0; i < 300; ++i) messages.push_back(Bytes(bytes).subspan(i, 17 * i % 3000));
  expect_hashes(*device_, MessageView::scattered(messages));
  expect_hashes(*device_, MessageView::scattered(messages), std::uint8_t{0});
}

INSTANTIATE_TEST_SUITE_P(Lanes, OpenClHash, testing::ValuesIn(kLaneWidths),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace salus::engine::opencl
