// Every variant's compress, leaves and nodes against OpenSSL.
#include <vector>

#include "engine/merkle/tree.h"
#include "engine/openssl_sha256.h"
#include "tests/engine/cpu/each_variant.h"
#include "tests/support/random_data.h"

namespace salus::engine::cpu {
namespace {

class CpuKernels : public EachVariant {};
SALUS_EACH_VARIANT(CpuKernels);

/// A message of whole blocks, the last of which is its own padding.
std::vector<std::uint8_t> padded_message(std::size_t blocks, std::size_t seed) {
  auto out = test::random_bytes(64 * blocks - 9, static_cast<std::uint32_t>(seed));
  const std::uint64_t bits = 8 * out.size();
  out.push_back(0x80);
  for (int shift = 56; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(bits >> shift));
  return out;
}

Digest digest_of(const StreamState& state) {
  Digest out;
  for (std::size_t i = 0; i < 32; ++i)
    out[i] = static_cast<std::uint8_t>(state.words[i / 4] >> (24 - 8 * (i % 4)));
  return out;
}

TEST_P(CpuKernels, CompressEveryCountOfStreamsAsOpenSslDoes) {
  constexpr StreamState kInitial = {{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                                     0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
  for (std::size_t count = 1; count <= variant().lanes; ++count) {
    for (const std::size_t blocks : {1UL, 2UL, 3UL, 17UL}) {
      std::vector<std::vector<std::uint8_t>> messages;
      std::vector<StreamState> states(count, kInitial);
      std::vector<StreamState*> state_pointers;
      std::vector<const std::uint8_t*> data;
      for (std::size_t i = 0; i < count; ++i) {
        messages.push_back(padded_message(blocks, i));
        messages.back().insert(messages.back().begin(), 0);  // so that no stream is aligned
        state_pointers.push_back(&states[i]);
      }
      for (const auto& message : messages) data.push_back(message.data() + 1);
      variant().compress(state_pointers.data(), data.data(), count, blocks);
      for (std::size_t i = 0; i < count; ++i)
        EXPECT_EQ(digest_of(states[i]), openssl_sha256({data[i], 64 * blocks - 9}))
            << count << " streams, " << blocks << " blocks, stream " << i;
    }
  }
}

TEST_P(CpuKernels, HashLeavesAsOpenSslDoes) {
  for (std::size_t count = 0; count <= 3UL * variant().lanes + 1; ++count) {
    const std::vector<std::uint8_t> entries = test::random_bytes(32 * count, 1);
    std::vector<Digest> out(count);
    variant().leaves32(entries.data(), count, out.data());
    for (std::size_t i = 0; i < count; ++i)
      EXPECT_EQ(out[i], merkle::leaf_hash(TreeKind::rfc9162, Bytes(entries).subspan(32 * i, 32)));
  }
}

TEST_P(CpuKernels, HashNodesAsOpenSslDoes) {
  for (const TreeKind kind : {TreeKind::rfc9162, TreeKind::bitcoin}) {
    for (std::size_t pairs = 0; pairs <= 3UL * variant().lanes + 1; ++pairs) {
      std::vector<Digest> children = test::random_digests(2 * pairs, 2);
      std::vector<Digest> expected;
      for (std::size_t i = 0; i < pairs; ++i)
        expected.push_back(merkle::node_hash(kind, children[2 * i], children[2 * i + 1]));
      std::vector<Digest> out(pairs);
      variant().nodes(kind, children.data(), pairs, out.data());
      EXPECT_EQ(out, expected);
      variant().nodes(kind, children.data(), pairs, children.data());  // in place
      children.resize(pairs);
      EXPECT_EQ(children, expected);
    }
  }
}

}  // namespace
}  // namespace salus::engine::cpu
