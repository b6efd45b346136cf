// The CPU device's Merkle trees, with every variant, against trees built node by node over OpenSSL.
#include <openssl/evp.h>

#include <cstring>
#include <memory>
#include <numeric>
#include <random>
#include <vector>

#include "engine/error.h"
#include "tests/engine/cpu/each_hasher.h"

namespace salus::engine {
namespace {

using cpu::EachHasher;

/// The definitions of RFC 9162 (section 2.1.1) and of Bitcoin's tree, one node at a time.
class Reference {
 public:
  explicit Reference(TreeKind kind) : kind_(kind), context_(EVP_MD_CTX_new()) {}

  Digest leaf(Bytes entry) {
    if (kind_ == TreeKind::rfc9162) return sha256({{kLeafPrefix}, entry});
    Digest out;
    std::ranges::copy(entry, out.begin());
    return out;
  }

  Digest node(const Digest& left, const Digest& right) {
    if (kind_ == TreeKind::rfc9162) return sha256({{kNodePrefix}, left, right});
    return sha256({sha256({left, right})});
  }

  /// RFC 9162: a recursion that splits at the largest power of two below the size. Bitcoin: level
  /// by level, with an odd node hashed with itself.
  Digest root(std::span<const Digest> leaves) {
    if (kind_ == TreeKind::rfc9162) {
      if (leaves.size() == 1) return leaves.front();
      const std::size_t left = std::bit_ceil(leaves.size()) / 2;
      return node(root(leaves.first(left)), root(leaves.subspan(left)));
    }
    std::vector<Digest> level(leaves.begin(), leaves.end());
    while (level.size() > 1) level = above(level);
    return level.front();
  }

  std::vector<Digest> above(std::span<const Digest> level) {
    std::vector<Digest> out;
    for (std::size_t i = 0; i + 1 < level.size(); i += 2)
      out.push_back(node(level[i], level[i + 1]));
    if (level.size() % 2 != 0)
      out.push_back(kind_ == TreeKind::rfc9162 ? level.back() : node(level.back(), level.back()));
    return out;
  }

 private:
  static constexpr std::uint8_t kLeafPrefix[] = {0x00};
  static constexpr std::uint8_t kNodePrefix[] = {0x01};

  Digest sha256(std::initializer_list<Bytes> parts) {
    EVP_DigestInit_ex(context_.get(), algorithm_.get(), nullptr);
    for (const Bytes part : parts) EVP_DigestUpdate(context_.get(), part.data(), part.size());
    Digest out;
    EVP_DigestFinal_ex(context_.get(), out.data(), nullptr);
    return out;
  }

  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
  };
  TreeKind kind_;
  std::unique_ptr<EVP_MD_CTX, Free> context_;
  std::unique_ptr<EVP_MD, Free> algorithm_{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
};

std::vector<std::uint8_t> random_bytes(std::size_t size) {
  std::mt19937 random(2012'2459);
  std::vector<std::uint8_t> out(size);
  for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(random());
  return out;
}

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
  const std::vector<std::uint8_t> bytes = random_bytes(std::size_t{32} * 40'000);
  for (const TreeKind kind : kKinds) {
    Reference reference(kind);
    std::vector<Digest> leaves;
    for (std::size_t i = 0; i < bytes.size(); i += 32)
      leaves.push_back(reference.leaf(Bytes(bytes).subspan(i, 32)));
    for (const std::size_t size : sizes()) {
      const auto entries = MessageView::fixed(Bytes(bytes).first(32 * size), 32);
      ASSERT_EQ(device().merkle_root(kind, entries), reference.root(std::span(leaves).first(size)))
          << size << " entries";
    }
  }
}

TEST_P(CpuMerkle, ReductionWithAndWithoutLevels) {
  std::vector<Digest> leaves(40'000);
  std::memcpy(leaves.data(), random_bytes(32 * leaves.size()).data(), 32 * leaves.size());
  for (const TreeKind kind : kKinds) {
    Reference reference(kind);
    for (const std::size_t size : sizes()) {
      const std::span<const Digest> some = std::span(leaves).first(size);
      std::vector<Digest> expected;
      std::vector<Digest> level(some.begin(), some.end());
      while (level.size() > 1) {
        level = reference.above(level);
        expected.insert(expected.end(), level.begin(), level.end());
      }
      std::vector<Digest> levels(merkle_levels_size(size));
      ASSERT_EQ(device().merkle_reduce(kind, some, levels), level.front()) << size << " leaves";
      ASSERT_EQ(levels, expected) << size << " leaves";
      ASSERT_EQ(device().merkle_reduce(kind, some, {}), level.front()) << size << " leaves";
    }
  }
}

TEST_P(CpuMerkle, RootOverEntriesOfAnyLength) {
  const std::vector<std::uint8_t> bytes = random_bytes(200'000);
  Reference reference(TreeKind::rfc9162);
  for (const std::size_t count : {1UL, 2UL, 31UL, 1000UL}) {
    std::vector<Bytes> entries;
    std::vector<Digest> leaves;
    for (std::size_t i = 0; i < count; ++i) {
      entries.push_back(Bytes(bytes).subspan(i * 100, i * 7 % 300));
      leaves.push_back(reference.leaf(entries.back()));
    }
    EXPECT_EQ(device().merkle_root(TreeKind::rfc9162, MessageView::scattered(entries)),
              reference.root(leaves))
        << count << " entries";
  }
  const auto fixed = MessageView::fixed(Bytes(bytes).first(100'000), 100);
  std::vector<Digest> leaves;
  for (std::size_t i = 0; i < fixed.count(); ++i) leaves.push_back(reference.leaf(fixed[i]));
  EXPECT_EQ(device().merkle_root(TreeKind::rfc9162, fixed), reference.root(leaves));
}

TEST_P(CpuMerkle, BitcoinEntriesMayLieAnywhereButMustHave32Bytes) {
  const std::vector<std::uint8_t> bytes = random_bytes(std::size_t{33} * 50);
  Reference reference(TreeKind::bitcoin);
  std::vector<Bytes> entries;
  std::vector<Digest> leaves;
  for (std::size_t i = 0; i < 50; ++i) {
    entries.push_back(Bytes(bytes).subspan(33 * i, 32));
    leaves.push_back(reference.leaf(entries.back()));
  }
  EXPECT_EQ(device().merkle_root(TreeKind::bitcoin, MessageView::scattered(entries)),
            reference.root(leaves));
  entries[49] = Bytes(bytes).subspan(std::size_t{33} * 49, 33);
  EXPECT_THROW((void)device().merkle_root(TreeKind::bitcoin, MessageView::scattered(entries)),
               Error);
  EXPECT_THROW((void)device().merkle_root(TreeKind::bitcoin, MessageView::fixed(bytes, 33)), Error);
}

TEST(CpuMerkleOnce, RootOverAMillionEntries) {
  constexpr std::size_t kCount = 1'000'000;
  const std::vector<std::uint8_t> bytes = random_bytes(32 * kCount);
  const auto device = open_cpu_device({.threads = 3, .variant = {}});
  for (const TreeKind kind : {TreeKind::rfc9162, TreeKind::bitcoin}) {
    Reference reference(kind);
    std::vector<Digest> leaves;
    leaves.reserve(kCount);
    for (std::size_t i = 0; i < kCount; ++i)
      leaves.push_back(reference.leaf(Bytes(bytes).subspan(32 * i, 32)));
    EXPECT_EQ(device->merkle_root(kind, MessageView::fixed(bytes, 32)), reference.root(leaves));
  }
}

}  // namespace
}  // namespace salus::engine
