#include "engine/jobs/foreign_signatures.h"

#include <cassert>
#include <cstring>
#include <random>

namespace salus::engine {
namespace {

constexpr std::size_t kMessageBytes = 128;
constexpr std::size_t kItemBytes = signature::kEd25519KeyBytes + signature::kSignatureBytes;
constexpr std::size_t kNumberBytes = 32;

}  // namespace

ForeignSignatures::ForeignSignatures(std::size_t count)
    : message_(kMessageBytes), bytes_(count * kItemBytes) {
  std::mt19937_64 random(count);
  for (std::size_t at = 0; at < bytes_.size(); at += sizeof(std::uint64_t)) {
    const std::uint64_t word = random();
    std::memcpy(&bytes_[at], &word, sizeof word);
  }
  // A, R and S below 2^252, and with that below p and L.
  for (std::size_t last = kNumberBytes - 1; last < bytes_.size(); last += kNumberBytes)
    bytes_[last] &= 0x0f;
}

std::vector<signature::Item> ForeignSignatures::take(std::size_t count) {
  assert((taken_ + count) * kItemBytes <= bytes_.size());
  std::vector<signature::Item> items;
  items.reserve(count);
  for (; items.size() < count; ++taken_) {
    const Bytes item = Bytes(bytes_).subspan(taken_ * kItemBytes, kItemBytes);
    items.push_back({signature::Algorithm::ed25519, item.first(signature::kEd25519KeyBytes),
                     message_, item.last(signature::kSignatureBytes)});
  }
  return items;
}

}  // namespace salus::engine
