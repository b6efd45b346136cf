#include "node/statement/public_key_pem.h"

#include <openssl/pem.h>

#include "engine/signature/openssl_key.h"

namespace salus::node {

using namespace engine::signature;  // NOLINT: a file about nothing else

std::string public_key_pem(const PublicKey& key) {
  const ClearErrors clear_errors;
  OwnedKey handle;
  try {
    handle = openssl_key(key.algorithm, key.bytes);
  } catch (const Error&) {
    throw Error(ErrorKind::input, "the key is not a point on its curve");
  }
  const OwnedBio out(BIO_new(BIO_s_mem()));
  require_openssl(out && PEM_write_bio_PUBKEY(out.get(), handle.get()) == 1, "write a public key");
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace salus::node
