#include "node/chain/validator_rules.h"

#include <algorithm>

#include "node/statement/validator.h"

namespace salus::node {

std::optional<FaultKind> check_validator(const Statement& statement, const pow::Header& header,
                                         const BlockPlace& place, const Digest& chain,
                                         const Digest& content) {
  const auto said = decode_validator(statement.payload);
  if (!said || said->chain != chain) return FaultKind::wrong_chain;
  if (said->height != place.height) return FaultKind::wrong_height;
  if (said->previous != place.previous) return FaultKind::wrong_previous;
  if (said->time != header.time) return FaultKind::wrong_time;
  if (said->tree_head != content) return FaultKind::wrong_content;
  return std::nullopt;
}

bool is_share_exceeded(const StateView& view, const KeyId& validator, std::uint64_t height,
                       const Diversity& diversity) {
  const std::uint64_t validators = std::max<std::uint64_t>(1, view.active_keys(Role::validator));
  const std::uint64_t even_share = (diversity.window + validators - 1) / validators;
  const std::uint64_t limit = std::max<std::uint64_t>(diversity.limit, even_share);
  // Genesis, at height 0, is nobody's.
  const std::uint64_t first = height < diversity.window ? 1 : height + 1 - diversity.window;
  std::uint64_t own = 1;
  for (std::uint64_t at = first; at < height; ++at)
    if (view.validator_at(at) == validator) ++own;
  return own > limit;
}

}  // namespace salus::node
