// The CPU device's Merkle trees, with every variant, against trees built node by node over OpenSSL.
#include <memory>
#include <numeric>
#include <random>
#include <vector>

#include "engine/error.h"
#include "tests/engine/cpu/each_hasher.h"
#include "tests/support/random_data.h"
#include "tests/support/reference_tree.h"

namespace salus::engine {
namespace {

using cpu::EachHasher;
using test::random_bytes;
using test::random_digests;
using test::ReferenceTree;

constexpr std::uint32_t kSeed = 2012'2459;

/// Every size up to 300, those around whole chunks and passes of the CPU device, and some others.
std::vector<std::size_t> sizes() {
  std::vector<std::size_t> out(300);
  std::iota(out.begin(), out.end(), 1);
  for (const std::size_t size : {1023, 1024, 1025, 2047, 2048, 2049, 5 * 1024, 32767, 32768, 32769})
    out.push_back(size);
  std::mt19937 random(300);
  for (int i = 0; i < 5; ++i) out.push_back(301 + random() % 20000);
  return out;
}

class CpuMerkle : public EachHasher {
 protected:
  static constexpr TreeKind kKinds[] = {TreeKind::rfc9162, TreeKind::bitcoin};

  Device& device() { return *device_; }

 private:
  std::unique_ptr<Device> device_ = open_cpu_device(options());
};
SALUS_EACH_HASHER(CpuMerkle);

TEST_P(CpuMerkle, RootOverEntriesOf32Bytes) {
  const std::vector<std::uint8_t> bytes = random_bytes(std::size_t{32} * 40'000, kSeed);
  for (const TreeKind kind : kKinds) {
    const ReferenceTree reference(kind);
    const std::vector<Digest> leaves = reference.leaves(MessageView::fixed(bytes, 32));
    for (const std::size_t size : sizes()) {
      const auto entries = MessageView::fixed(Bytes(bytes).first(32 * size), 32);
      ASSERT_EQ(device().merkle_root(kind, entries), reference.root(std::span(leaves).first(size)))
          << size << " entries";
    }
  }
}

TEST_P(CpuMerkle, ReductionWithAndWithoutLevels) {
  const std::vector<Digest> leaves = random_digests(40'000, kSeed);
  for (const TreeKind kind : kKinds) {
    const ReferenceTree reference(kind);
    for (const std::size_t size : sizes()) {
      const std::span<const Digest> some = std::span(leaves).first(size);
      const std::vector<Digest> expected = reference.levels(some);
      const Digest root = expected.empty() ? some.front() : expected.back();
      std::vector<Digest> levels(merkle_levels_size(size));
      ASSERT_EQ(device().merkle_reduce(kind, some, levels), root) << size << " leaves";
      ASSERT_EQ(levels, expected) << size << " leaves";
      ASSERT_EQ(device().merkle_reduce(kind, some, {}), root) << size << " leaves";
    }
  }
}

TEST_P(CpuMerkle, RootOverEntriesOfAnyLength) {
  const std::vector<std::uint8_t> bytes = random_bytes(200'000, kSeed);
  const ReferenceTree reference(TreeKind::rfc9162);
  for (const std::size_t count : {1UL, 2UL, 31UL, 1000UL}) {
    std::vector<Bytes> pieces;
    for (std::size_t i = 0; i < count; ++i)
      pieces.push_back(Bytes(bytes).subspan(i * 100, i * 7 % 300));
    const auto entries = MessageView::scattered(pieces);
    EXPECT_EQ(device().merkle_root(TreeKind::rfc9162, entries),
              reference.root(reference.leaves(entries)))
        << count << " entries";
  }
  const auto fixed = MessageView::fixed(Bytes(bytes).first(100'000), 100);
  EXPECT_EQ(device().merkle_root(TreeKind::rfc9162, fixed),
            reference.root(reference.leaves(fixed)));
}

TEST_P(CpuMerkle, BitcoinEntriesMayLieAnywhereButMustHave32Bytes) {
  const std::vector<std::uint8_t> bytes = random_bytes(std::size_t{33} * 50, kSeed);
  const ReferenceTree reference(TreeKind::bitcoin);
  std::vector<Bytes> entries;
  for (std::size_t i = 0; i < 50; ++i) entries.push_back(Bytes(bytes).subspan(33 * i, 32));
  EXPECT_EQ(device().merkle_root(TreeKind::bitcoin, MessageView::scattered(entries)),
            reference.root(reference.leaves(MessageView::scattered(entries))));
  entries[49] = Bytes(bytes).subspan(std::size_t{33} * 49, 33);
  EXPECT_THROW((void)device().merkle_root(TreeKind::bitcoin, MessageView::scattered(entries)),
               Error);
  EXPECT_THROW((void)device().merkle_root(TreeKind::bitcoin, MessageView::fixed(bytes, 33)), Error);
}

TEST(CpuMerkleOnce, RootOverAMillionEntries) {
  constexpr std::size_t kCount = 1'000'000;
  const std::vector<std::uint8_t> bytes = random_bytes(32 * kCount, kSeed);
  const auto device = open_cpu_device({.threads = 3, .variant = {}});
  for (const TreeKind kind : {TreeKind::rfc9162, TreeKind::bitcoin}) {
    const ReferenceTree reference(kind);
    const MessageView entries = MessageView::fixed(bytes, 32);
    EXPECT_EQ(device->merkle_root(kind, entries), reference.root(reference.leaves(entries)));
  }
}

}  // namespace
}  // namespace salus::engine
