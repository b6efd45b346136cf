#include "engine/signature/signature.h"

#include <bit>
#include <numeric>
#include <utility>

namespace salus::engine::signature {

const char* to_string(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::ed25519: return "ed25519";
    case Algorithm::p256: return "p256";
  }
  return "unknown";
}

const char* to_string(Reason reason) {
  switch (reason) {
    case Reason::valid: return "valid";
    case Reason::unknown_algorithm: return "unknown_algorithm";
    case Reason::key_length: return "key_length";
    case Reason::signature_length: return "signature_length";
    case Reason::message_too_long: return "message_too_long";
    case Reason::s_out_of_range: return "s_out_of_range";
    case Reason::r_out_of_range: return "r_out_of_range";
    case Reason::s_high: return "s_high";
    case Reason::r_not_canonical: return "r_not_canonical";
    case Reason::r_small_order: return "r_small_order";
    case Reason::key_not_canonical: return "key_not_canonical";
    case Reason::key_small_order: return "key_small_order";
    case Reason::key_not_on_curve: return "key_not_on_curve";
    case Reason::mismatch: return "mismatch";
  }
  return "unknown";
}

Verdicts::Verdicts(std::size_t count)
    : bitmap_((count + 63) / 64), reasons_(count, Reason::mismatch) {}

Verdicts::Verdicts(std::vector<Reason> reasons)
    : bitmap_((reasons.size() + 63) / 64), reasons_(std::move(reasons)) {
  for (std::size_t i = 0; i < reasons_.size(); ++i)
    bitmap_[i / 64] |= std::uint64_t{reasons_[i] == Reason::valid} << (i % 64);
}

std::size_t Verdicts::count_valid() const {
  return std::accumulate(bitmap_.begin(), bitmap_.end(), std::size_t{0},
                         [](std::size_t sum, std::uint64_t word) {
                           return sum + static_cast<std::size_t>(std::popcount(word));
                         });
}

void Verdicts::set(std::size_t i, Reason reason) {
  const std::uint64_t bit = std::uint64_t{1} << (i % 64);
  reasons_[i] = reason;
  if (reason == Reason::valid)
    bitmap_[i / 64] |= bit;
  else
    bitmap_[i / 64] &= ~bit;
}

}  // namespace salus::engine::signature
