// Any bytes as a proof, an anchor, or what a seal says of the one before: what is taken can be
// written again to the same bytes, and nothing is taken for signed that nobody signed.
#include <cstdlib>
#include <string_view>

#include "engine/error.h"
#include "trial/proof/anchor.h"
#include "trial/proof/previous.h"
#include "trial/proof/proof_check.h"
#include "trial/proof/timestamp.h"

namespace {

using namespace salus;
using namespace salus::trial;

/// The public key of RFC 8032, 7.1, test 1.
const PublicKey kKey{
    engine::signature::Algorithm::ed25519,
    from_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a").value()};

void try_proof(Bytes bytes) {
  try {
    const ReadProof read = read_proof(bytes);
    std::vector<std::uint8_t> again;
    if (const auto* receipt = std::get_if<InclusionReceipt>(&read.head)) {
      SignedTreeHead head = receipt->signed_head;
      head.head.size = receipt->tree_size;
      again = write_cose_proof(read.proof, head);
    } else {
      const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      const std::string_view checkpoint = text.substr(text.find("\n\n") + 2);
      const std::string out = write_tlog_proof(read.proof, checkpoint);
      again.assign(out.begin(), out.end());
    }
    if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end())) std::abort();
    (void)check_proof(read, kKey);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) std::abort();
  }
}

void try_previous(std::string_view text) {
  try {
    const Previous previous = read_previous(text);
    if (write_previous(previous) != text) std::abort();
    (void)check_previous(previous, {"fuzz", 1, {}}, std::nullopt);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  try_proof(bytes);
  try_previous({reinterpret_cast<const char*>(data), size});
  if (const auto anchor = decode_anchor(bytes)) {
    const std::vector<std::uint8_t> again = encode(*anchor);
    if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end())) std::abort();
    (void)check_anchor(*anchor, anchor->statement);
  }
  if (std::holds_alternative<Timestamp>(check_timestamp(bytes, "fuzz"))) std::abort();
  return 0;
}
