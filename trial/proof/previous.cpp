#include "trial/proof/previous.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "engine/base64.h"
#include "engine/error.h"
#include "engine/signature/cose_key.h"
#include "node/chain/merkle_path.h"
#include "trial/proof/text_lines.h"
#include "trial/seal/seal_tree.h"
#include "trial/seal/sums.h"

namespace salus::trial {
namespace {

constexpr std::string_view kFormat = "salus-trial-previous/1 ";
constexpr std::string_view kGrown = "grown";
constexpr std::string_view kReplaced = "replaced";
constexpr std::string_view kSigner = "signer ";

/// A consistency proof has two digests a level at most.
constexpr std::size_t kMaxConsistencyPath = 2 * node::kMaxPath;

[[noreturn]] void refuse(const char* reason) {
  throw Error(ErrorKind::input, std::string(kPreviousFile) + ": " + reason);
}

std::string_view take_line(std::string_view& text) {
  const auto line = next_line(text);
  if (!line) refuse("a line has no end");
  return *line;
}

std::string_view take_line(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) refuse("a line does not begin as it must");
  return take_line(text).substr(prefix.size());
}

PublicKey read_signer(std::string_view line) {
  const auto bytes = from_base64(line);
  if (!bytes) refuse("its signer is not in base64");
  PublicKey key = engine::signature::parse_cose_key(*bytes);
  if (engine::signature::encode_cose_key(key) != *bytes) refuse("its signer is malformed");
  return key;
}

Digest read_hash(std::string_view line) {
  const auto digest = digest_from_base64(line);
  if (!digest) refuse("its proof is not of 32 bytes in base64");
  return *digest;
}

Previous previous_of(const SealFolder& before) {
  const SignatureCheck check = check_signatures(before);
  if (!check.faults.empty() || !check.signer)
    throw Error(ErrorKind::input, (before.path() / check.faults.front().file).string() + ": " +
                                      check.faults.front().reason);
  Previous out;
  out.signer = check.signer->key;
  out.checkpoint = signatures_in(before).checkpoint;
  return out;
}

/// The root over the lines of a text.
Digest root_of(std::string_view text) {
  const engine::LaneHasher hasher;
  return root_of_leaves(line_leaves(text, hasher), hasher);
}

std::uint64_t lines_of(std::string_view text) {
  return static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
}

/// Whether the text is the SHA256SUMS that had this head.
bool has_head(std::string_view sums, const TreeHead& head) {
  return sums.ends_with('\n') && lines_of(sums) == head.size && root_of(sums) == head.root;
}

}  // namespace

Previous grown_from(const SealFolder& before, const merkle::Tree& tree) {
  Previous out = previous_of(before);
  out.grown = true;
  out.path = tree.consistency_proof(before.size());
  return out;
}

Previous replaced(const SealFolder& before) { return previous_of(before); }

std::string write_previous(const Previous& previous) {
  std::string out(kFormat);
  out.append(previous.grown ? kGrown : kReplaced).append("\n").append(kSigner);
  out.append(to_base64(engine::signature::encode_cose_key(previous.signer))).append("\n");
  for (const Digest& digest : previous.path) out.append(to_base64(digest)).append("\n");
  return out.append("\n").append(previous.checkpoint);
}

Previous read_previous(std::string_view text) {
  if (text.size() > kMaxPreviousBytes) refuse("it is too long");
  Previous out;
  const std::string_view kind = take_line(text, kFormat);
  if (kind != kGrown && kind != kReplaced) refuse("neither grown nor replaced");
  out.grown = kind == kGrown;
  out.signer = read_signer(take_line(text, kSigner));
  for (std::string_view line = take_line(text); !line.empty(); line = take_line(text)) {
    if (!out.grown || out.path.size() == kMaxConsistencyPath) refuse("its proof is too long");
    out.path.push_back(read_hash(line));
  }
  out.checkpoint = text;
  return out;
}

std::string check_previous(const Previous& previous, const TreeHead& head,
                           const std::optional<std::string>& old_sums) {
  Checkpoint checkpoint;
  try {
    checkpoint = read_checkpoint(previous.checkpoint);
  } catch (const Error& error) {
    return error.what();
  }
  if (check_signature(checkpoint, previous.signer) != NoteVerdict::valid)
    return "the checkpoint in it is not signed by the signer in it";
  const TreeHead& old = checkpoint.head;
  if (previous.grown) {
    if (old_sums) return std::string(kPreviousSumsFile) + " does not belong beside it";
    if (old.origin != head.origin ||
        !merkle::verify_consistency(old.size, old.root, head.size, head.root, previous.path))
      return "its proof that the study only grew does not hold";
    return {};
  }
  if (!old_sums) return std::string(kPreviousSumsFile) + " is not there";
  if (!has_head(*old_sums, old)) return std::string(kPreviousSumsFile) + " is not what was sealed";
  return {};
}

std::string_view to_string(Replacement::Kind kind) {
  switch (kind) {
    case Replacement::Kind::changed: return "changed";
    case Replacement::Kind::removed: return "removed";
    case Replacement::Kind::added: return "added";
  }
  std::abort();  // not one of them: a number cast by mistake
}

std::vector<Replacement> replacements(const Seal& before, const Seal& after) {
  std::map<std::string_view, const SealedFile*> left;
  for (const SealedFile& file : before.files) left.emplace(file.path, &file);
  std::vector<Replacement> out;
  for (const SealedFile& file : after.files) {
    const auto old = left.find(file.path);
    if (old == left.end()) {
      out.push_back({Replacement::Kind::added, file.path});
      continue;
    }
    if (old->second->digest != file.digest) out.push_back({Replacement::Kind::changed, file.path});
    left.erase(old);
  }
  for (const auto& [path, file] : left)
    out.push_back({Replacement::Kind::removed, std::string(path)});
  std::ranges::sort(out, {}, &Replacement::path);
  return out;
}

}  // namespace salus::trial
