#include "engine/cpu/block_hasher.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/cpu/cpu_backend.h"
#include "engine/openssl_sha256.h"
#include "tests/support/random_data.h"
#include "tests/support/reference_tree.h"

namespace salus::engine::cpu {
namespace {

class BlockHasherOn : public testing::TestWithParam<std::string> {
 protected:
  const BlockHasher hasher_{CpuOptions{.threads = 1, .variant = GetParam()}};
};

TEST_P(BlockHasherOn, HashesPaddedMessagesOfAllLengthsAsOpensslDoes) {
  constexpr std::size_t kLongest = 2300;  // more blocks than there are groups for
  const std::vector<std::uint8_t> bytes = test::random_bytes(kLongest, 3);
  std::vector<std::vector<std::uint8_t>> messages;
  std::vector<StreamState> states(kLongest, kSha256Initial);
  BlockGroups groups;
  for (std::size_t size = 0; size < kLongest; ++size) {
    const std::size_t blocks = padded_blocks(size);
    auto& message = messages.emplace_back(BlockHasher::kBlock * blocks, std::uint8_t{0xff});
    std::copy_n(bytes.begin(), size, message.begin());
    write_padding(message.data(), size, blocks, size);
    groups.add(&states[size], message.data(), blocks);
  }
  groups.compress(hasher_);
  for (std::size_t size = 0; size < kLongest; ++size)
    EXPECT_EQ(digest_of(states[size]), openssl_sha256(Bytes(bytes).first(size))) << size;
}

TEST_P(BlockHasherOn, GivesTheRootsOfRfc9162) {
  const test::ReferenceTree reference(TreeKind::rfc9162);
  for (std::size_t count = 1; count < 140; ++count) {
    const std::vector<Digest> leaves = test::random_digests(count, 4);
    EXPECT_EQ(hasher_.root(leaves), reference.root(leaves)) << count;
  }
  EXPECT_EQ(hasher_.root({}), openssl_sha256({}));
}

std::string variant_name(const testing::TestParamInfo<std::string>& test) {
  std::string name = test.param;
  std::erase(name, '-');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Variants, BlockHasherOn, testing::ValuesIn(cpu_variants()), variant_name);

}  // namespace
}  // namespace salus::engine::cpu
