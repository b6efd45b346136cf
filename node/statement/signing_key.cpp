#include "node/statement/signing_key.h"

#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>

#include "engine/error.h"
#include "engine/files/descriptor.h"
#include "engine/signature/ecdsa_der.h"

namespace salus::node {
namespace {

using engine::Release;
using engine::signature::ClearErrors;
using engine::signature::OwnedBio;
using engine::signature::OwnedDigestContext;
using engine::signature::OwnedKey;
using engine::signature::require_openssl;

using OwnedContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using OwnedKeyInfo = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Release<PKCS8_PRIV_KEY_INFO_free>>;
using OwnedEncryptedInfo = std::unique_ptr<X509_SIG, Release<X509_SIG_free>>;

/// What OWASP asks of PBKDF2-HMAC-SHA-256 (Password Storage Cheat Sheet, 2023).
constexpr int kDerivationRounds = 600'000;

// PKCS#8 (RFC 5958) of a key without its public part, up to where the 32 secret bytes stand.
constexpr std::array<std::uint8_t, 16> kEd25519Front = {  // RFC 8410, 7
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};
constexpr std::array<std::uint8_t, 35> kP256Front = {  // RFC 5915, 3
    0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
    0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03,
    0x01, 0x07, 0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20};

/// The order of P-256's group (SP 800-186, 3.2.1.3), big-endian.
constexpr std::array<std::uint8_t, 32> kP256Order = {
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};

bool is_p256_scalar(std::span<const std::uint8_t, 32> secret) {
  return std::ranges::any_of(secret, [](std::uint8_t byte) { return byte != 0; }) &&
         std::ranges::lexicographical_compare(secret, kP256Order);
}

[[noreturn]] void fail(const std::string& problem) { throw Error(ErrorKind::input, problem); }

/// Answers OpenSSL when it wants a passphrase; remembers what was said and thrown.
class PassphrasePrompt {
 public:
  explicit PassphrasePrompt(const AskPassphrase& ask) : ask_(ask) {}

  /// A `pem_password_cb`; no exception may pass through OpenSSL.
  static int answer(char* buffer, int size, int /*writing*/, void* self) {
    return static_cast<PassphrasePrompt*>(self)->fill(buffer, static_cast<std::size_t>(size));
  }

  [[nodiscard]] bool was_asked() const { return asked_; }
  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  int fill(char* buffer, std::size_t size) {
    constexpr int kNoPassphrase = -1;
    try {
      if (!asked_) {
        asked_ = true;
        if (!ask_) throw Error(ErrorKind::usage, "the key is encrypted: its passphrase is needed");
        passphrase_ = ask_();
      }
    } catch (...) {
      thrown_ = std::current_exception();
    }
    const std::string_view text = passphrase_.text();
    if (thrown_ || text.size() > size) return kNoPassphrase;
    std::ranges::copy(text, buffer);
    return static_cast<int>(text.size());
  }

  const AskPassphrase& ask_;
  bool asked_ = false;
  Secret passphrase_;
  std::exception_ptr thrown_;
};

PublicKey public_part(EVP_PKEY* key) {
  std::uint8_t* encoded = nullptr;
  const int size = i2d_PUBKEY(key, &encoded);
  require_openssl(size > 0, "encode a public key");
  const std::vector<std::uint8_t> info(encoded, encoded + size);
  OPENSSL_free(encoded);
  return engine::signature::parse_public_key(info);
}

void require_pair(EVP_PKEY* key) {
  const OwnedContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  require_openssl(context != nullptr, "take a private key");
  if (EVP_PKEY_pairwise_check(context.get()) != 1)
    fail("the key's public part does not belong to its private one");
}

Secret content_of(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return Secret(std::vector<char>(text, text + size));
}

/// Removes a file that was begun unless it was finished.
class NewFile {
 public:
  explicit NewFile(const std::string& path)
      : path_(path), file_(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode)) {
    if (file_.is_open()) return;
    if (errno == EEXIST) throw Error(ErrorKind::usage, path + ": is there already");
    fail_writing();
  }
  ~NewFile() {
    if (!finished_) unlink(path_.c_str());
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  void write_all(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = write(file_.number(), text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail_writing();
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void finish() {
    if (fsync(file_.number()) != 0 || close(file_.release()) != 0) fail_writing();
    finished_ = true;
  }

 private:
  static constexpr mode_t kMode = S_IRUSR | S_IWUSR;

  [[noreturn]] void fail_writing() const {
    throw Error(ErrorKind::system, "cannot write " + path_ + ": " + std::strerror(errno));
  }

  std::string path_;
  files::Descriptor file_;
  bool finished_ = false;
};

}  // namespace

SigningKey::SigningKey(OwnedKey key)
    : key_(std::move(key)), public_key_(public_part(key_.get())), id_(key_id(public_key_)) {}

SigningKey SigningKey::generate(Algorithm algorithm) {
  OwnedKey key(algorithm == Algorithm::ed25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                                               : EVP_EC_gen("P-256"));
  require_openssl(key != nullptr, "make a key");
  return SigningKey(std::move(key));
}

std::optional<SigningKey> SigningKey::from_secret(Algorithm algorithm,
                                                  std::span<const std::uint8_t, 32> secret) {
  if (algorithm == Algorithm::p256 && !is_p256_scalar(secret)) return std::nullopt;
  const ClearErrors clear_errors;
  const Bytes front = algorithm == Algorithm::ed25519 ? Bytes(kEd25519Front) : Bytes(kP256Front);
  std::array<std::uint8_t, kP256Front.size() + 32> encoded;
  std::ranges::copy(front, encoded.begin());
  std::ranges::copy(secret, encoded.begin() + static_cast<std::ptrdiff_t>(front.size()));
  const std::uint8_t* at = encoded.data();
  OwnedKey key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(front.size() + secret.size())));
  OPENSSL_cleanse(encoded.data(), encoded.size());
  require_openssl(key != nullptr, "take a private key");
  return SigningKey(std::move(key));
}

SigningKey SigningKey::from_pem(const Secret& pem, const AskPassphrase& ask) {
  const ClearErrors clear_errors;
  if (pem.text().size() > kMaxKeyFileBytes) fail("longer than any key file");
  const OwnedBio in(BIO_new_mem_buf(pem.text().data(), static_cast<int>(pem.text().size())));
  require_openssl(in != nullptr, "allocate a buffer");
  PassphrasePrompt prompt(ask);
  OwnedKey key(PEM_read_bio_PrivateKey(in.get(), nullptr, PassphrasePrompt::answer, &prompt));
  prompt.rethrow();
  if (!key && prompt.was_asked()) fail("the passphrase is wrong, or the key is damaged");
  if (!key) fail("no private key in PEM (PKCS#8)");
  SigningKey out(std::move(key));
  require_pair(out.key_.get());
  return out;
}

SigningKey SigningKey::load(const std::string& path, const AskPassphrase& ask) {
  const Secret pem = read_secret_file(path, kMaxKeyFileBytes);
  try {
    return from_pem(pem, ask);
  } catch (const Error& error) {
    throw Error(error.kind(), path + ": " + error.what());
  }
}

Secret SigningKey::to_pem(const Secret& passphrase) const {
  const OwnedBio out(BIO_new(BIO_s_mem()));
  const OwnedKeyInfo info(EVP_PKEY2PKCS8(key_.get()));
  require_openssl(out && info, "encode a key");
  if (passphrase.empty()) {
    require_openssl(PEM_write_bio_PKCS8_PRIV_KEY_INFO(out.get(), info.get()) == 1, "write a key");
    return content_of(out.get());
  }
  constexpr int kPbes2 = -1;
  const std::string_view text = passphrase.text();
  const OwnedEncryptedInfo encrypted(PKCS8_encrypt(kPbes2, EVP_aes_256_cbc(), text.data(),
                                                   static_cast<int>(text.size()), nullptr, 0,
                                                   kDerivationRounds, info.get()));
  require_openssl(encrypted && PEM_write_bio_PKCS8(out.get(), encrypted.get()) == 1,
                  "encrypt a key");
  return content_of(out.get());
}

void SigningKey::save(const std::string& path, const Secret& passphrase) const {
  if (passphrase.text().size() > kMaxPassphraseBytes)
    throw Error(ErrorKind::usage, "a passphrase has 1024 bytes at most");
  const Secret pem = to_pem(passphrase);
  NewFile file(path);
  file.write_all(pem.text());
  file.finish();
}

SignatureBytes SigningKey::sign(Bytes message) const {
  constexpr std::size_t kMaxDerBytes = 72;
  const bool is_ed25519 = algorithm() == Algorithm::ed25519;
  const OwnedDigestContext context(EVP_MD_CTX_new());
  std::array<std::uint8_t, kMaxDerBytes> bytes;
  std::size_t size = bytes.size();
  require_openssl(
      context &&
          EVP_DigestSignInit_ex(context.get(), nullptr, is_ed25519 ? nullptr : "SHA256", nullptr,
                                nullptr, key_.get(), nullptr) == 1 &&
          EVP_DigestSign(context.get(), bytes.data(), &size, message.data(), message.size()) == 1,
      "sign");
  SignatureBytes out;
  if (is_ed25519) {
    std::copy_n(bytes.begin(), out.size(), out.begin());
    return out;
  }
  const auto pair = engine::signature::p256_signature_from_der(Bytes(bytes).first(size));
  require_openssl(pair.has_value(), "sign");
  return *pair;
}

}  // namespace salus::node
