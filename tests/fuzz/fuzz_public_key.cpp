// Any bytes as a public key: what is taken is of the right form, stays the same key in its plainest
// form, and can be handed to the verifier.

#include "engine/error.h"
#include "engine/signature/form.h"
#include "engine/signature/public_key.h"
#include "engine/signature/reference.h"
#include "tests/fuzz/require.h"

namespace {

using namespace salus::engine::signature;

using salus::fuzz::require;

void check_key(const PublicKey& key) {
  const bool is_ed25519 = key.algorithm == Algorithm::ed25519;
  require(key.bytes.size() == (is_ed25519 ? kEd25519KeyBytes : kP256KeyBytes));
  require(is_ed25519 || key.bytes[0] == 0x04);
  require(parse_public_key(key.bytes) == key);
  // r = s = 1: in range for both algorithms, so that P-256 keys are looked at, too.
  std::vector<std::uint8_t> signature(kSignatureBytes);
  signature[31] = signature[63] = 1;
  (void)verify_reference({key.algorithm, key.bytes, {}, signature});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    check_key(parse_public_key({data, size}));
  } catch (const salus::Error& error) {
    require(error.kind() == salus::ErrorKind::input);
  }
  return 0;
}
