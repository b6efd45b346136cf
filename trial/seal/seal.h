// A seal as its SHA256SUMS says it: which files, under which digests, with which further
// commitments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/bytes.h"

namespace salus::trial {

/// `# chunks rfc9162-sha256 BYTES COUNT ROOT  PATH`: an RFC 9162 tree whose entries are the file's
/// bytes in pieces.
struct ChunkCommitment {
  std::uint64_t chunk_bytes = 0;
  std::uint64_t count = 0;
  Digest root{};

  friend bool operator==(const ChunkCommitment&, const ChunkCommitment&) = default;
};

/// `# records FORM COUNT ROOT  PATH`: an RFC 9162 tree whose entries are the file's salted records.
struct RecordCommitment {
  std::string canonical_form;
  std::uint64_t count = 0;
  Digest root{};

  friend bool operator==(const RecordCommitment&, const RecordCommitment&) = default;
};

/// One file, with the lines that follow its own.
struct SealedFile {
  std::string path;  ///< Relative, bytes as the system has them, no "..", no leading "/".
  Digest digest{};
  std::optional<ChunkCommitment> chunks;
  std::optional<RecordCommitment> records;

  friend bool operator==(const SealedFile&, const SealedFile&) = default;
};

}  // namespace salus::trial
