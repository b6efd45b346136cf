// How one record is committed to: salts, cell digests and the entry of the record tree, as
// docs/trial-formats.md describes them, one at a time. Bulk work goes through record_sealing.h.
//
//   file key     = HMAC-SHA256(study secret, "salus-trial-records/1" 00 FORM 00 PATH)
//   salts        = HMAC-SHA256(file key, record as 8 bytes || pair as 4 bytes), two of 16 bytes:
//                  salt 0 is the record's, salt 1 + k that of its cell k
//   cell digest  = SHA-256(CBOR [salt, name, value])
//   entry        = CBOR [salt, record, [cell digest, ...]]
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/bytes.h"
#include "trial/records/record_batch.h"

namespace salus::trial {

inline constexpr std::size_t kStudySecretBytes = 32;
using StudySecretBytes = std::span<const std::uint8_t, kStudySecretBytes>;

using Salt = std::array<std::uint8_t, 16>;

/// What everything secret about one file's records is derived from. Wiped in the end. Immutable.
class FileKey {
 public:
  /// `path` is the one in the seal.
  FileKey(StudySecretBytes secret, std::string_view canonical_form, std::string_view path);
  FileKey(const FileKey&) = delete;
  FileKey& operator=(const FileKey&) = delete;
  ~FileKey();

  [[nodiscard]] Salt record_salt(std::uint64_t record) const;
  [[nodiscard]] Salt cell_salt(std::uint64_t record, std::uint32_t cell) const;

  /// HMAC-SHA256 under the file's key.
  [[nodiscard]] Digest derive(Bytes message) const;
  [[nodiscard]] Bytes bytes() const { return key_; }

 private:
  [[nodiscard]] Salt salt(std::uint64_t record, std::uint64_t number) const;

  Digest key_;
};

/// SHA-256 of CBOR [salt, name, value]. Name and value are text strings where they are UTF-8, byte
/// strings where not.
Digest cell_digest(const Salt& salt, const Cell& cell);

/// CBOR [salt, record, [cell digest, ...]]: what the record's leaf is the hash of (RFC 9162).
std::vector<std::uint8_t> record_entry(const Salt& salt, std::uint64_t record,
                                       std::span<const Digest> cells);

}  // namespace salus::trial
