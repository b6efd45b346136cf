// The payload that seals a set of data: application/vnd.salus.data-seal+cbor.
//
//   {1: name, 2: tree size, 3: root, ? 4: media type, ? 5: note}        docs/formats.md
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/bytes.h"

namespace salus::node {

inline constexpr std::size_t kMaxSealNameBytes = 255;
inline constexpr std::size_t kMaxSealMediaTypeBytes = 127;
inline constexpr std::size_t kMaxSealNoteBytes = 4096;

struct DataSeal {
  std::string name;             ///< Of the set: a study, an export; not empty.
  std::uint64_t tree_size = 0;  ///< Entries below the root; at least 1.
  Digest root{};                ///< RFC 9162 tree head, as `salus merkle root` gives it.
  std::string media_type;       ///< Of the entries; may be empty.
  std::string note;             ///< For people; may be empty.

  friend bool operator==(const DataSeal&, const DataSeal&) = default;
};

std::vector<std::uint8_t> encode(const DataSeal& seal);

/// Nothing when the payload is not exactly what `encode` writes.
std::optional<DataSeal> decode_data_seal(Bytes payload);

}  // namespace salus::node
