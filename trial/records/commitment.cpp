#include "trial/records/commitment.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cstring>

#include "engine/cbor_writer.h"
#include "engine/error.h"
#include "engine/openssl_sha256.h"

namespace salus::trial {
namespace {

constexpr std::string_view kFileKeyLabel = "salus-trial-records/1";

Digest hmac(Bytes key, Bytes message) {
  Digest out;
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), message.data(), message.size(),
           out.data(), &size) == nullptr)
    throw Error(ErrorKind::system, "OpenSSL cannot compute HMAC-SHA256");
  return out;
}

void append(std::vector<std::uint8_t>& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
}

void write_text(CborWriter& writer, std::string_view text) {
  if (is_utf8(text))
    writer.text_string(text);
  else
    writer.byte_string(as_bytes(text));
}

}  // namespace

FileKey::FileKey(StudySecretBytes secret, std::string_view canonical_form, std::string_view path) {
  std::vector<std::uint8_t> message;
  append(message, kFileKeyLabel);
  message.push_back(0);
  append(message, canonical_form);
  message.push_back(0);
  append(message, path);
  key_ = hmac(secret, message);
}

FileKey::~FileKey() { OPENSSL_cleanse(key_.data(), key_.size()); }

Digest FileKey::derive(Bytes message) const { return hmac(key_, message); }

Salt FileKey::salt(std::uint64_t record, std::uint64_t number) const {
  const std::uint64_t pair = number / 2;
  std::array<std::uint8_t, 12> message;
  for (std::size_t i = 0; i < 8; ++i)
    message[i] = static_cast<std::uint8_t>(record >> (56 - 8 * i));
  for (std::size_t i = 0; i < 4; ++i)
    message[8 + i] = static_cast<std::uint8_t>(pair >> (24 - 8 * i));
  const Digest both = hmac(key_, message);
  Salt out;
  std::copy_n(both.begin() + (number % 2 == 0 ? 0 : 16), out.size(), out.begin());
  return out;
}

Salt FileKey::record_salt(std::uint64_t record) const { return salt(record, 0); }

Salt FileKey::cell_salt(std::uint64_t record, std::uint32_t cell) const {
  return salt(record, std::uint64_t{cell} + 1);
}

Digest cell_digest(const Salt& salt, const Cell& cell) {
  std::vector<std::uint8_t> bytes;
  CborWriter writer(bytes);
  writer.array(3);
  writer.byte_string(salt);
  write_text(writer, cell.name);
  write_text(writer, cell.value);
  return openssl_sha256(bytes);
}

std::vector<std::uint8_t> record_entry(const Salt& salt, std::uint64_t record,
                                       std::span<const Digest> cells) {
  std::vector<std::uint8_t> bytes;
  CborWriter writer(bytes);
  writer.array(3);
  writer.byte_string(salt);
  writer.unsigned_integer(record);
  writer.array(cells.size());
  for (const Digest& digest : cells) writer.byte_string(digest);
  return bytes;
}

}  // namespace salus::trial
