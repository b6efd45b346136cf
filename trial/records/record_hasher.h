// Leaves of many records at once: the same as commitment.h does one at a time, on lanes.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/cpu/block_hasher.h"
#include "trial/records/commitment.h"
#include "trial/records/record_batch.h"

namespace salus::trial {

/// A record of a batch, and the number that it is sealed under.
struct NumberedRecord {
  std::uint32_t place;  ///< In the batch.
  std::uint64_t number;
};

/// Works on the calling thread. Memory is used again from call to call. Wiped in the end.
class RecordHasher {
 public:
  RecordHasher(const FileKey& key, const engine::cpu::BlockHasher& hasher);
  ~RecordHasher();
  RecordHasher(const RecordHasher&) = delete;
  RecordHasher& operator=(const RecordHasher&) = delete;

  /// leaves[i] = leaf of record records[i]. `cells` gets the first eight bytes of the digest of
  /// each of their cells, or is empty.
  void leaves(const RecordBatch& batch, std::span<const NumberedRecord> records,
              std::span<Digest> leaves, std::span<std::uint64_t> cells);

 private:
  struct Entry {
    std::size_t message = 0;  // where it begins in entries_
    std::size_t digests = 0;  // from there to its first cell digest
    std::size_t blocks = 0;
  };

  struct Record {
    std::span<const Cell> cells;
    std::uint64_t number;
  };

  void some_leaves(Digest* leaves, std::uint64_t* cells);
  void make_salts();
  void hash_salt_pairs(std::size_t pairs);
  void hash_cells();
  void lay_out_entries();
  void hash_entries(std::size_t count, Digest* leaves);

  const engine::cpu::BlockHasher& hasher_;
  engine::cpu::StreamState inner_key_;  // after the key's block, as HMAC begins
  engine::cpu::StreamState outer_key_;
  engine::cpu::BlockGroups groups_;

  std::vector<Record> records_;      // that are hashed together
  std::vector<std::uint8_t> inner_;  // blocks of HMAC's inner hash
  std::vector<std::uint8_t> outer_;  // and of the outer one
  std::vector<std::uint8_t> salts_;  // of a record one after the other, whole pairs
  std::vector<std::size_t> salt_begin_;
  std::vector<std::uint8_t> messages_;  // cells
  std::vector<std::uint8_t> entries_;
  std::vector<Entry> places_;
  std::vector<engine::cpu::StreamState> states_;
};

}  // namespace salus::trial
