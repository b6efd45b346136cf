// Any bytes as what a seal was signed with: checkpoint (a signed note), signed tree head,
// statement, signer's key, and a line of SHA256SUMS that a proof shows. Nothing is taken for signed
// that nobody signed.
#include <algorithm>
#include <string>
#include <string_view>

#include "engine/error.h"
#include "tests/fuzz/require.h"
#include "trial/proof/checkpoint.h"
#include "trial/proof/proved_line.h"
#include "trial/proof/signed_seal.h"
#include "trial/proof/tree_head.h"
#include "trial/seal/sums.h"

namespace {

using namespace salus;
using namespace salus::trial;

using salus::fuzz::require;

/// The public keys of RFC 8032, 7.1, test 1, and RFC 6979, A.2.5.
const PublicKey kKeys[] = {
    {engine::signature::Algorithm::ed25519,
     from_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a").value()},
    {engine::signature::Algorithm::p256,
     from_hex("0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
              "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299")
         .value()}};

void try_checkpoint(std::string_view text) {
  try {
    const Checkpoint checkpoint = read_checkpoint(text);
    require(is_origin(checkpoint.head.origin) && !checkpoint.signatures.empty());
    require(text.starts_with(checkpoint.body + "\n"));
    for (const PublicKey& key : kKeys)
      require(check_signature(checkpoint, key) != NoteVerdict::valid);
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::input);
  }
}

void try_tree_head(Bytes bytes) {
  const auto head = read_tree_head(bytes);
  if (!head) return;
  for (const PublicKey& key : kKeys) require(!is_signed_by(*head, key));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try_checkpoint(text);
  try_tree_head(bytes);
  if (const auto line = read_proved_line(text)) require(is_sealable_path(line->path));
  const std::vector<std::uint8_t> copy(bytes.begin(), bytes.end());
  const SealSignatures signatures{std::string(text), copy, copy, std::string(text)};
  require(!check_seal_signatures(signatures, {"fuzz", 1, {}}, "").faults.empty());
  return 0;
}
