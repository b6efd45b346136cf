// Keyed fingerprints of records: which of two files' records have the same content, or the same key
// variables, without saying what they are.
//
// A fingerprint is made as Carter and Wegman made authenticators: a fast hash under a secret
// (XXH3-128), then a block cipher over its value (AES-256), of which eight bytes are kept. It finds
// records, no more: that a record is unchanged is told by its leaf.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "trial/records/commitment.h"
#include "trial/records/record_batch.h"

struct evp_cipher_ctx_st;

namespace salus::trial {

/// What a record without key variables has in place of the fingerprint of those.
inline constexpr std::uint64_t kNoKey = 0;

/// Fingerprints under the key of one file. Used by one thread at a time.
class Fingerprinter {
 public:
  explicit Fingerprinter(const FileKey& key);
  ~Fingerprinter();
  Fingerprinter(const Fingerprinter&) = delete;
  Fingerprinter& operator=(const Fingerprinter&) = delete;

  /// Of every record of `batch`: all its cells, and its key variables.
  void of(const RecordBatch& batch, std::vector<std::uint64_t>& contents,
          std::vector<std::uint64_t>& keys);

 private:
  using HashSecret = std::array<std::uint8_t, 192>;
  struct Value {
    std::uint64_t low;
    std::uint64_t high;
  };

  void see_names(std::span<const Cell> record);
  [[nodiscard]] Value hash_message() const;
  Value content_hash(std::span<const Cell> record);
  Value key_hash(std::span<const Cell> record);

  HashSecret hash_secret_;
  std::unique_ptr<evp_cipher_ctx_st, void (*)(evp_cipher_ctx_st*)> cipher_;
  // Of the last record:
  std::vector<std::string> names_;
  Value names_hash_{};
  std::vector<std::uint32_t> key_cells_;

  std::vector<std::uint8_t> message_;
  std::size_t filled_ = 0;
  std::vector<Value> values_;
};

}  // namespace salus::trial
