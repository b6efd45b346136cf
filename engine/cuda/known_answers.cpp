#include "engine/cuda/known_answers.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "engine/error.h"
#include "engine/merkle/tree.h"
#include "engine/openssl_sha256.h"
#include "engine/pow/header.h"

namespace salus::engine::cuda {
namespace {

[[noreturn]] void refuse(const std::string& kernel) {
  throw Error(ErrorKind::device, "wrong answer from kernel \"" + kernel + "\"");
}

/// Bytes without a pattern that a wrong offset would repeat.
std::vector<std::uint8_t> test_bytes(std::size_t count) {
  std::vector<std::uint8_t> bytes(count);
  std::uint32_t x = 0x9e3779b9u;
  for (std::uint8_t& byte : bytes) {
    x = x * 1664525u + 1013904223u;
    byte = static_cast<std::uint8_t>(x >> 24);
  }
  return bytes;
}

/// A header with eight versions, and the candidates that OpenSSL finds in a range across which an
/// easy mask leaves some.
struct MineTest {
  kernels::MineParams params;
  ScanRange range;
  std::vector<Candidate> expected;
};

MineTest make_mine_test(unsigned versions) {
  MineTest test{};
  pow::Header header;
  const std::vector<std::uint8_t> bytes = test_bytes(64);
  std::copy_n(bytes.begin(), 32, header.previous.begin());
  std::copy_n(bytes.begin() + 32, 32, header.merkle_root.begin());
  header.time = 1700000000;
  header.bits = 0x207fffff;
  std::vector<std::uint32_t> rolled(versions);
  for (std::uint32_t v = 0; v < versions; ++v) rolled[v] = 0x20000000u | v << 13;
  test.params = pow::make_mine_params(header, rolled, pow::Target{});
  test.params.reject_mask = 0x0f000000u;  // any mask will do: one in 16 passes
  test.range = {0xfffffff0u - 96, 96, versions};
  for (std::uint64_t n = 0; n < test.range.nonce_count; ++n) {
    for (std::uint32_t v = 0; v < versions; ++v) {
      header.nonce = static_cast<std::uint32_t>(test.range.nonce_begin + n);
      header.version = rolled[v];
      const Digest id = pow::header_id(header);
      const std::uint32_t last = std::uint32_t{id[28]} << 24 | std::uint32_t{id[29]} << 16 |
                                 std::uint32_t{id[30]} << 8 | id[31];
      if ((last & test.params.reject_mask) == 0) test.expected.push_back({header.nonce, v});
    }
  }
  return test;
}

void check_mining(Miner& miner) {
  const MineTest test = make_mine_test(SALUS_MINE_MAX_VERSIONS);
  for (const MineChoice& choice : mine_kernels(SALUS_MINE_MAX_VERSIONS))
    if (miner.scan(choice, test.params, test.range) != test.expected) refuse(choice.name());
}

void check_hashing(Hasher& hasher, const HashChoice& choice) {
  const std::vector<std::uint8_t> bytes = test_bytes(1000);
  std::vector<Bytes> messages;
  for (const std::size_t length : {0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 128, 1000})
    messages.push_back(Bytes(bytes).first(length));
  std::vector<Digest> digests(messages.size());
  hasher.hash_many(choice, MessageView::scattered(messages), std::nullopt, digests);
  for (std::size_t i = 0; i < messages.size(); ++i)
    if (digests[i] != openssl_sha256(messages[i])) refuse("hash, " + choice.name());
}

void check_trees(TreeReducer& reducer, const HashChoice& choice) {
  constexpr std::size_t kLeaves = 11;  // odd on two levels
  const std::vector<std::uint8_t> bytes = test_bytes(kLeaves * 32);
  const MessageView entries = MessageView::fixed(bytes, 32);
  for (const TreeKind kind : {TreeKind::rfc9162, TreeKind::bitcoin}) {
    std::vector<Digest> level;
    for (std::size_t i = 0; i < kLeaves; ++i) level.push_back(merkle::leaf_hash(kind, entries[i]));
    while (level.size() > 1) {
      std::vector<Digest> above;
      for (std::size_t i = 0; i + 1 < level.size(); i += 2)
        above.push_back(merkle::node_hash(kind, level[i], level[i + 1]));
      if (level.size() % 2 != 0)
        above.push_back(kind == TreeKind::rfc9162
                            ? level.back()
                            : merkle::node_hash(kind, level.back(), level.back()));
      level = above;
    }
    const bool hash_leaves = kind == TreeKind::rfc9162;
    if (reducer.root(choice, kind, entries, hash_leaves) != level[0])
      refuse("Merkle, " + choice.name());
  }
}

}  // namespace

void run_known_answers(Miner& miner, Hasher& hasher, TreeReducer& reducer) {
  check_mining(miner);
  for (const HashChoice& choice : hash_kernels()) {
    check_hashing(hasher, choice);
    check_trees(reducer, choice);
  }
}

}  // namespace salus::engine::cuda
