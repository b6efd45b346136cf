// Any bytes as a receipt and as a signed header of the ledger: what is taken as a header is encoded
// as it was, and nothing is taken for signed that nobody signed.
#include <algorithm>
#include <variant>

#include "node/chain/receipt.h"
#include "node/chain/signed_header.h"
#include "tests/fuzz/require.h"

namespace {

using namespace salus;
using namespace salus::node;

/// That of the corpus.
constexpr Digest kChain{};

/// The public keys of RFC 8032, 7.1, test 1, and RFC 6979, A.2.5: whatever signer is named, there
/// is a key to check by.
std::optional<engine::signature::PublicKey> key_for(const KeyId& id) {
  using engine::signature::Algorithm;
  if (id[0] % 2 == 0)
    return engine::signature::PublicKey{
        Algorithm::ed25519,
        from_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a").value()};
  return engine::signature::PublicKey{
      Algorithm::p256, from_hex("0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                                "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299")
                           .value()};
}

using salus::fuzz::require;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  require(std::holds_alternative<ReceiptFault>(
      check_receipt(bytes, as_bytes("statement"), kChain, key_for)));
  if (const auto header = decode_signed_header(bytes)) {
    require(std::ranges::equal(encode(*header), bytes));
    require(std::holds_alternative<HeaderFault>(check_signed_header(*header, kChain, key_for)));
  }
  return 0;
}
