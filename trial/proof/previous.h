// What a seal that replaces another one says of it: the head that the other one had, who signed it,
// and, where the study only grew, the proof that all that was sealed then is sealed now.
//
//   salus-trial-previous/1 grown             or "replaced"
//   signer <COSE_Key, base64>
//   <consistency proof (RFC 9162, 2.1.4), a line each, base64>
//
//   <checkpoint of the seal before>
//
// Where something was replaced, SHA256SUMS of the seal before lies beside it, so that what was
// replaced can be told and held against that checkpoint at any time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "trial/proof/checkpoint.h"
#include "trial/proof/signed_seal.h"

namespace salus::trial {

inline constexpr std::string_view kPreviousFile = "previous";
inline constexpr std::string_view kPreviousSumsFile = "previous-SHA256SUMS";
inline constexpr std::size_t kMaxPreviousBytes = std::size_t{32} << 10;

struct Previous {
  bool grown = false;  ///< Otherwise something was replaced.
  PublicKey signer;
  std::vector<Digest> path;  ///< Empty where something was replaced.
  std::string checkpoint;

  friend bool operator==(const Previous&, const Previous&) = default;
};

/// What the seal with this tree says of `before`, whose lines are its first ones.
Previous grown_from(const SealFolder& before, const merkle::Tree& tree);
/// What a seal says of `before` when some of its lines are no more.
Previous replaced(const SealFolder& before);

std::string write_previous(const Previous& previous);
/// Throws `Error` (input) for what `write_previous` does not write.
Previous read_previous(std::string_view text);

/// What is wrong with it beside a seal with this head; empty where it holds. `old_sums` is the
/// content of `previous-SHA256SUMS`, where it is there.
std::string check_previous(const Previous& previous, const TreeHead& head,
                           const std::optional<std::string>& old_sums);

/// One file of the seal before that is not in the new one as it was.
struct Replacement {
  enum class Kind : std::uint8_t { changed, removed, added };
  Kind kind = Kind::changed;
  std::string path;

  friend bool operator==(const Replacement&, const Replacement&) = default;
};
/// "changed", ...
std::string_view to_string(Replacement::Kind kind);

/// All of them, in the order of paths. Digests of whole files decide; what else a line commits to
/// follows from the same bytes.
std::vector<Replacement> replacements(const Seal& before, const Seal& after);

}  // namespace salus::trial
