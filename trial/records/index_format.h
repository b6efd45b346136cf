// The bytes of a record index, little-endian; docs/trial-formats.md describes them for others.
//
//   magic                       "salus-records/1\n"
//   blocks of 4096 records      leaves 32 n | contents 8 n | keys 8 n; with cells besides:
//                               layouts 4 n | cell counts 4 n | short digests 8 each
//   layouts                     encrypted (layouts.h)
//   restarts                    record 8 | offset 8, each
//   directory                   position 8 | cells 8 | root 32, for each block
//   trailer                     below
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/bytes.h"

namespace salus::trial::index_format {

inline constexpr std::string_view kMagic = "salus-records/1\n";
inline constexpr std::uint64_t kBlockRecords = 4096;
inline constexpr std::uint64_t kHasCells = 1;

struct Restart {
  std::uint64_t record;
  std::uint64_t offset;
};
static_assert(sizeof(Restart) == 16);

struct DirectoryEntry {
  std::uint64_t position;
  std::uint64_t cells;
  Digest root;
};
static_assert(sizeof(DirectoryEntry) == 48);

struct Trailer {
  std::uint64_t flags;
  std::uint64_t records;
  std::uint64_t blocks_end;  ///< Where the layouts begin.
  std::uint64_t layouts_bytes;
  std::uint64_t restarts;
  Digest root;
  std::uint64_t blocks_checksum;  ///< XXH3-64 of all before the layouts.
  std::uint64_t end_checksum;     ///< Of all from the layouts on up to this field.
};
static_assert(sizeof(Trailer) == 88);

/// Bytes of a block.
constexpr std::uint64_t block_bytes(std::uint64_t records, bool has_cells, std::uint64_t cells) {
  return records * (32 + 8 + 8) + (has_cells ? records * (4 + 4) + cells * 8 : 0);
}

}  // namespace salus::trial::index_format
