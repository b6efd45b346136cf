// A single line of SHA256SUMS, as a proof shows it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "trial/seal/seal.h"

namespace salus::trial {

/// What a line commits to. The path is that of the file in any case.
struct ProvedLine {
  enum class Kind : std::uint8_t { file, chunks, records };

  Kind kind = Kind::file;
  std::string path;
  Digest digest{};           ///< Of `file`: SHA-256 of its bytes.
  ChunkCommitment chunks;    ///< Of `chunks`.
  RecordCommitment records;  ///< Of `records`.

  friend bool operator==(const ProvedLine&, const ProvedLine&) = default;
};

/// Reads a line, without its newline, as strictly as the whole text is read. Nothing for any other
/// line, such as those of the header.
std::optional<ProvedLine> read_proved_line(std::string_view line);

}  // namespace salus::trial
