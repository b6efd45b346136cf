#include "node/chain/header_rules.h"

namespace salus::node {

std::optional<FaultKind> check_header_alone(const pow::Header& header, const Digest& id,
                                            const pow::Target& limit) {
  if ((header.version & ~kFreeVersionBits) != kBlockVersion) return FaultKind::wrong_version;
  const pow::DecodedBits bits = pow::decode_bits(header.bits);
  if (bits.error != pow::BitsError::none || bits.target > limit) return FaultKind::target_too_easy;
  if (pow::Uint256::from_digest(id) > bits.target) return FaultKind::insufficient_work;
  return std::nullopt;
}

std::optional<FaultKind> check_header_in_place(const pow::Header& header, const BlockNode& parent,
                                               const ChainParameters& parameters,
                                               std::int64_t now) {
  if (header.bits != next_bits(parent, parameters)) return FaultKind::wrong_target;
  if (header.time <= median_time_past(parent)) return FaultKind::time_too_early;
  if (header.time > now + parameters.max_ahead) return FaultKind::time_too_late;
  return std::nullopt;
}

std::uint32_t next_bits(const BlockNode& parent, const ChainParameters& parameters) {
  return pow::asert_next_bits(parameters.asert(), parameters.anchor(), parent.height,
                              parent.header.time);
}

}  // namespace salus::node
