#include "trial/records/fingerprint.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>

#include "engine/error.h"
#include "trial/records/key_variables.h"

namespace salus::trial {
namespace {

constexpr std::string_view kHashLabel = "salus-trial-fingerprints/hash";
constexpr std::string_view kCipherLabel = "salus-trial-fingerprints/cipher";

/// What a message that is hashed is of.
enum class Subject : std::uint8_t { names = 0, content = 1, key = 2 };

Digest derive(const FileKey& key, std::string_view label, std::uint8_t number) {
  std::vector<std::uint8_t> message(label.begin(), label.end());
  message.push_back(number);
  return key.derive(message);
}

void require(bool good) {
  if (!good) throw Error(ErrorKind::system, "OpenSSL cannot encrypt with AES-256");
}

/// A message that is put together in memory which is used again.
class Message {
 public:
  Message(std::vector<std::uint8_t>& bytes, std::size_t& filled, Subject subject)
      : bytes_(bytes), filled_(filled) {
    filled_ = 0;
    room(1);
    bytes_[filled_++] = static_cast<std::uint8_t>(subject);
  }
  void text(std::string_view text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    room(sizeof size + text.size());
    std::memcpy(bytes_.data() + filled_, &size, sizeof size);
    filled_ += sizeof size;
    if (!text.empty()) std::memcpy(bytes_.data() + filled_, text.data(), text.size());
    filled_ += text.size();
  }
  void raw(const void* from, std::size_t size) {
    room(size);
    std::memcpy(bytes_.data() + filled_, from, size);
    filled_ += size;
  }

 private:
  void room(std::size_t size) {
    if (bytes_.size() - filled_ < size) bytes_.resize(2 * (filled_ + size));
  }

  std::vector<std::uint8_t>& bytes_;
  std::size_t& filled_;
};

bool has_names(std::span<const Cell> record, const std::vector<std::string>& names) {
  return std::equal(record.begin(), record.end(), names.begin(), names.end(),
                    [](const Cell& cell, const std::string& name) { return cell.name == name; });
}

}  // namespace

Fingerprinter::Fingerprinter(const FileKey& key)
    : cipher_(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free) {
  for (std::size_t i = 0; i < hash_secret_.size(); i += sizeof(Digest)) {
    const Digest part = derive(key, kHashLabel, static_cast<std::uint8_t>(i / sizeof(Digest)));
    std::ranges::copy(part, hash_secret_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  const Digest cipher_key = derive(key, kCipherLabel, 0);
  require(cipher_ != nullptr && EVP_EncryptInit_ex(cipher_.get(), EVP_aes_256_ecb(), nullptr,
                                                   cipher_key.data(), nullptr) == 1);
  require(EVP_CIPHER_CTX_set_padding(cipher_.get(), 0) == 1);
  see_names({});
}

Fingerprinter::~Fingerprinter() { OPENSSL_cleanse(hash_secret_.data(), hash_secret_.size()); }

Fingerprinter::Value Fingerprinter::hash_message() const {
  const XXH128_hash_t hash =
      XXH3_128bits_withSecret(message_.data(), filled_, hash_secret_.data(), hash_secret_.size());
  return {hash.low64, hash.high64};
}

void Fingerprinter::see_names(std::span<const Cell> record) {
  names_.clear();
  Message message(message_, filled_, Subject::names);
  for (const Cell& cell : record) {
    names_.emplace_back(cell.name);
    message.text(cell.name);
  }
  names_hash_ = hash_message();
  key_cells_ = key_variables(record);
}

Fingerprinter::Value Fingerprinter::content_hash(std::span<const Cell> record) {
  Message message(message_, filled_, Subject::content);
  message.raw(&names_hash_, sizeof names_hash_);
  for (const Cell& cell : record) message.text(cell.value);
  return hash_message();
}

Fingerprinter::Value Fingerprinter::key_hash(std::span<const Cell> record) {
  Message message(message_, filled_, Subject::key);
  for (const std::uint32_t i : key_cells_) {
    message.text(record[i].name);
    message.text(record[i].value);
  }
  return hash_message();
}

void Fingerprinter::of(const RecordBatch& batch, std::vector<std::uint64_t>& contents,
                       std::vector<std::uint64_t>& keys) {
  const std::size_t count = batch.size();
  contents.resize(count);
  keys.resize(count);
  values_.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const std::span<const Cell> record = batch.record(i);
    if (!has_names(record, names_)) see_names(record);
    values_.push_back(content_hash(record));
    values_.push_back(key_cells_.empty() ? Value{} : key_hash(record));
    keys[i] = key_cells_.empty() ? kNoKey : 1;
  }
  if (values_.empty()) return;
  static_assert(sizeof(Value) == 16);
  auto* const bytes = reinterpret_cast<unsigned char*>(values_.data());
  int written = 0;
  require(EVP_EncryptUpdate(cipher_.get(), bytes, &written, bytes,
                            static_cast<int>(16 * values_.size())) == 1);
  for (std::size_t i = 0; i < count; ++i) {
    contents[i] = values_[2 * i].low;
    if (keys[i] != kNoKey) keys[i] = std::max<std::uint64_t>(values_[2 * i + 1].low, 1);
  }
}

}  // namespace salus::trial
