#include "tests/engine/jobs/fake_device.h"

#include <algorithm>

#include "engine/merkle/tree.h"
#include "engine/openssl_sha256.h"
#include "engine/signature/reference.h"
#include "tests/engine/jobs/reference.h"

namespace salus::engine {
namespace {

namespace scalar {
using kernels::MineParams;
#include "kernels/mine.h"
}  // namespace scalar

}  // namespace

FakeDevice::FakeDevice(unsigned index, std::shared_ptr<Faults> faults, Backend backend)
    : faults_(std::move(faults)) {
  info_.backend = backend;
  info_.index = index;
  info_.name = "fake";
}

void FakeDevice::begin_call() {
  const int call = ++faults_->calls;
  if (faults_->before) faults_->before(call);
}

std::vector<Candidate> FakeDevice::scan(const kernels::MineParams& params, const ScanRange& range) {
  begin_call();
  if (faults_->invents_hits) return {{range.nonce_begin, 0}};
  if (faults_->finds_nothing) return {};
  std::vector<Candidate> found;
  for (std::uint64_t i = 0; i < range.nonce_count; ++i) {
    const auto nonce = static_cast<std::uint32_t>(range.nonce_begin + i);
    scalar::W kw[64];
    scalar::mine_schedule(&params, scalar::bswap(nonce), kw);
    for (std::uint32_t v = 0; v < range.version_count; ++v)
      if ((scalar::mine_last_word(&params, v, kw) & params.reject_mask) == 0)
        found.push_back({nonce, v});
  }
  return found;
}

void FakeDevice::hash_many(const MessageView& messages, std::optional<std::uint8_t> prefix,
                           std::span<Digest> out) {
  begin_call();
  for (std::size_t i = 0; i < messages.count(); ++i) {
    out[i] =
        prefix ? merkle::leaf_hash(TreeKind::rfc9162, messages[i]) : openssl_sha256(messages[i]);
    if (faults_->wrong_digests) out[i][7] ^= 1;
  }
}

Digest FakeDevice::merkle_reduce(TreeKind kind, std::span<const Digest> leaves,
                                 std::span<Digest> levels) {
  begin_call();
  std::vector<Digest> level(leaves.begin(), leaves.end());
  while (level.size() > 1) {
    level = reference_parents(kind, level);
    if (faults_->wrong_digests) level.front()[7] ^= 1;
    if (levels.empty()) continue;
    std::ranges::copy(level, levels.begin());
    levels = levels.subspan(level.size());
  }
  return level.front();
}

Digest FakeDevice::merkle_root(TreeKind kind, const MessageView& entries) {
  std::vector<Digest> leaves;
  for (std::size_t i = 0; i < entries.count(); ++i)
    leaves.push_back(merkle::leaf_hash(kind, entries[i]));
  return merkle_reduce(kind, leaves, {});
}

bool FakeDevice::can(Job job) const { return job != Job::verify || !faults_->cannot_verify; }

void FakeDevice::verify_signatures(std::span<const signature::Item> items,
                                   std::span<signature::Reason> out) {
  begin_call();
  for (std::size_t i = 0; i + (faults_->stops_early ? 1 : 0) < items.size(); ++i)
    out[i] =
        faults_->accepts_all ? signature::Reason::valid : signature::verify_reference(items[i]);
}

void FakeDevice::register_keys(std::span<const signature::KeyView> keys) {
  begin_call();
  faults_->registered_keys += keys.size();
}

}  // namespace salus::engine
