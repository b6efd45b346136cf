#include "trial/proof/signed_seal.h"

#include <chrono>

#include "engine/error.h"
#include "trial/proof/utc_time.h"

namespace salus::trial {
namespace {

std::vector<std::uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

std::string text_of(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

std::string part_of(const SealFolder& seal, std::string_view name) {
  auto content = seal.part(name, kMaxSealSignatureBytes);
  if (!content) throw Error(ErrorKind::input, (seal.path() / name).string() + ": is not there");
  return std::move(*content);
}

}  // namespace

TreeHead tree_head_of(const SealFolder& seal) {
  return {seal.seal().header.origin, seal.size(), seal.root()};
}

SealParts to_parts(const SealSignatures& signatures) {
  return {{std::string(kCheckpointFile), signatures.checkpoint},
          {std::string(kStatementFile), text_of(signatures.statement)},
          {std::string(kTreeHeadFile), text_of(signatures.tree_head)},
          {std::string(kSignerFile), signatures.signer}};
}

SealParts sign_parts(const node::SigningKey& key, const TreeHead& head, std::string_view sealed,
                     const std::string& note) {
  const auto issued_at = utc_seconds(sealed);
  if (!issued_at)
    throw Error(ErrorKind::usage, "a seal cannot have the time " + std::string(sealed));
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto sequence = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  return to_parts(sign_seal(key, head, {*issued_at, static_cast<std::uint64_t>(sequence), note}));
}

SealSignatures signatures_in(const SealFolder& seal) {
  return {part_of(seal, kCheckpointFile), bytes_of(part_of(seal, kStatementFile)),
          bytes_of(part_of(seal, kTreeHeadFile)), part_of(seal, kSignerFile)};
}

SignatureCheck check_signatures(const SealFolder& seal, const PublicKey* trusted) {
  SealSignatures signatures;
  SignatureCheck missing;
  const auto read = [&](std::string_view name) -> std::string {
    try {
      if (auto content = seal.part(name, kMaxSealSignatureBytes)) return std::move(*content);
      missing.faults.push_back({std::string(name), "is not there"});
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::input) throw;
      missing.faults.push_back({std::string(name), "cannot be read"});
    }
    return {};
  };
  signatures.checkpoint = read(kCheckpointFile);
  signatures.statement = bytes_of(read(kStatementFile));
  signatures.tree_head = bytes_of(read(kTreeHeadFile));
  signatures.signer = read(kSignerFile);
  if (!missing.faults.empty()) return missing;

  const Seal& content = seal.seal();
  SignatureCheck check = check_seal_signatures(signatures, tree_head_of(seal),
                                               content.header.note.value_or(""), trusted);
  const auto sealed = utc_seconds(content.sections.back().sealed);
  if (check.faults.empty() && check.signer && check.signer->issued_at != sealed)
    check.faults.push_back(
        {std::string(kStatementFile), "it was issued at another time than SHA256SUMS says"});
  return check;
}

}  // namespace salus::trial
