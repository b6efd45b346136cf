// A seal as its SHA256SUMS says it: which files, under which digests, with which further
// commitments. docs/trial-formats.md
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/bytes.h"

namespace salus::trial {

/// Bytes in a chunk: one size, so that roots of equal files are equal.
inline constexpr std::uint64_t kChunkBytes = std::uint64_t{1} << 20;

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
  /// Which entry of the seal's tree the file's own line is: its line in SHA256SUMS, from 0. Lines
  /// of chunks and records follow in this order.
  std::uint64_t entry = 0;

  [[nodiscard]] std::uint64_t lines() const { return 1 + chunks.has_value() + records.has_value(); }
  /// Entry of the `# chunks` line, where there is one.
  [[nodiscard]] std::uint64_t chunks_entry() const { return entry + 1; }
  /// Entry of the `# records` line, where there is one. Also names the index in `records/`.
  [[nodiscard]] std::uint64_t records_entry() const { return entry + 1 + chunks.has_value(); }

  friend bool operator==(const SealedFile&, const SealedFile&) = default;
};

/// The comment lines that SHA256SUMS begins with.
struct SealHeader {
  std::string origin;                 ///< Name of the study's seal, as in its checkpoint.
  std::string sealed;                 ///< When, in UTC: "2026-11-21T22:00:00Z".
  std::string tool;                   ///< By which program: "salus 0.1.0".
  std::optional<std::string> note;    ///< For people.
  std::vector<std::string> excludes;  ///< What was left out; see `Exclusion`.
  bool cells = false;                 ///< Whether record indexes hold a digest of each cell.

  friend bool operator==(const SealHeader&, const SealHeader&) = default;
};

/// Files that were sealed together. What was added later stands in a section of its own, so that
/// the old tree is a prefix of the new one.
struct SealSection {
  std::string sealed;          ///< When, as in the header.
  std::size_t first_file = 0;  ///< In `Seal::files`.

  friend bool operator==(const SealSection&, const SealSection&) = default;
};

struct Seal {
  SealHeader header;
  std::vector<SealSection> sections;  ///< At least one, which begins with file 0.
  std::vector<SealedFile> files;      ///< As they stand: each section sorted by the paths' bytes.

  friend bool operator==(const Seal&, const Seal&) = default;
};

}  // namespace salus::trial
