// Why a block is not valid. The names are part of the API.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "node/statement/refusal.h"

namespace salus::node {

/// In the order in which a block is looked at: of several faults the first is named, and among
/// those of statements the one of the lowest index.
enum class FaultKind : std::uint8_t {
  // The bytes. The header may be a good one all the same.
  malformed,            ///< Not a block of the form that docs/chain.md states.
  oversize,             ///< More bytes than the chain permits.
  too_many_statements,  ///< More statements than the chain permits.
  no_statements,        ///< Not even the validator's.
  // The header by itself.
  wrong_version,      ///< Other bits than the version's and those free for rolling.
  target_too_easy,    ///< `bits` are no target, or easier than the chain's limit.
  insufficient_work,  ///< The header's id does not meet `bits`.
  // The header in its place.
  invalid_parent,  ///< It builds on a block that is not valid.
  wrong_target,    ///< `bits` are not what ASERT demands here.
  time_too_early,  ///< Not after the median of the last 11 blocks.
  time_too_late,   ///< Further ahead of the clock than permitted. May pass later.
  // What the header commits to.
  wrong_root,  ///< The tree head over the statements is not the header's. The header may be good.
  // Statements; `statement` says which.
  statement_refused,         ///< `refusal` says why.
  not_by_validator,          ///< Statement 0 is no validator statement.
  misplaced_validator,       ///< A validator statement that is not statement 0.
  wrong_chain,               ///< Statement 0 names another chain,
  wrong_height,              ///< another height,
  wrong_previous,            ///< another block before it,
  wrong_time,                ///< another time than the header's,
  wrong_content,             ///< or another tree head over statements 1 to n.
  validator_share_exceeded,  ///< Its validator signed too many of the last blocks.
};

/// "malformed", "insufficient_work", ...
std::string_view to_string(FaultKind kind);

struct BlockFault {
  FaultKind kind = FaultKind::malformed;
  std::optional<std::uint32_t> statement = std::nullopt;
  std::optional<Refusal> refusal = std::nullopt;

  friend bool operator==(const BlockFault&, const BlockFault&) = default;
};

/// "statement_refused: statement 17, bad_signature".
std::string describe(const BlockFault& fault);

/// Whether every block with this header has the fault, now and later, so that its id can be
/// remembered as invalid. Others may come with better bytes, or at a better time.
bool is_final(FaultKind kind);

}  // namespace salus::node
