#include "engine/cuda/known_answers.h"

#include <string>

#include "engine/error.h"
#include "engine/pow/header.h"
#include "engine/reference/reference.h"
#include "engine/reference/sample_data.h"

namespace salus::engine::cuda {
namespace {

[[noreturn]] void refuse(const std::string& kernel) {
  throw Error(ErrorKind::device, "wrong answer from kernel \"" + kernel + "\"");
}

void check_mining(Miner& miner) {
  constexpr unsigned kVersions = SALUS_MINE_MAX_VERSIONS;
  constexpr std::uint32_t kEasyMask = 0x0f000000;  // one in 16 passes
  const ScanRange range{0xfffffff0 - 96, 96, kVersions};
  const std::vector<std::uint32_t> versions = sample_versions(kVersions);
  kernels::MineParams params = pow::make_mine_params(sample_header(), versions, pow::Target{});
  params.reject_mask = kEasyMask;
  const auto expected = reference_scan(sample_header(), versions, kEasyMask, range);
  for (const MineChoice& choice : mine_kernels(kVersions))
    if (miner.scan(choice, params, range) != expected) refuse(choice.name());
}

void check_hashing(Hasher& hasher, const HashChoice& choice) {
  const std::vector<std::uint8_t> bytes = sample_bytes(1000, 1);
  std::vector<Bytes> messages;
  for (const std::size_t length : {0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 128, 1000})
    messages.push_back(Bytes(bytes).first(length));
  const MessageView view = MessageView::scattered(messages);
  std::vector<Digest> digests(messages.size());
  std::vector<Digest> expected(messages.size());
  hasher.hash_many(choice, view, std::nullopt, digests);
  reference_hash(view, std::nullopt, expected);
  if (digests != expected) refuse("hash, " + choice.name());
}

void check_trees(TreeReducer& reducer, const HashChoice& choice) {
  constexpr std::size_t kLeaves = 11;  // odd on two levels
  const std::vector<std::uint8_t> bytes = sample_bytes(kLeaves * 32, 2);
  const MessageView entries = MessageView::fixed(bytes, 32);
  for (const TreeKind kind : {TreeKind::rfc9162, TreeKind::bitcoin}) {
    const bool hash_leaves = kind == TreeKind::rfc9162;
    if (reducer.root(choice, kind, entries, hash_leaves) != reference_root(kind, entries))
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
