// SHA256SUMS as a seal has it: lines of `sha256sum`, and comment lines with further commitments
// that it and other checkers skip.
//
//   # salus-trial-seal/1
//   # origin ORIGIN
//   # sealed 2026-11-21T22:00:00Z
//   # tool salus VERSION
//   # note TEXT                                       where there is one
//   # exclude GLOB                                    any number
//   # cells                                           where cell digests were taken
//   DIGEST  PATH
//   # chunks rfc9162-sha256 1048576 COUNT ROOT  PATH  where the file has more than one chunk
//   # records FORM COUNT ROOT  PATH                   where its records were sealed
//   ...
//   # section 2 2026-12-01T08:00:00Z                  before files that were added later
//   ...
//
// Paths have coreutils' escapes (\\, \n and \r); before a digest, a backslash says so. So have
// notes and globs. Each line ends with a newline. There is exactly one text for a seal.
#pragma once

#include <string>
#include <string_view>

#include "trial/seal/seal.h"

namespace salus::trial {

inline constexpr std::string_view kSealFormat = "salus-trial-seal/1";
inline constexpr std::string_view kSumsFile = "SHA256SUMS";

/// The longest line that is read: longer than a path with all its bytes escaped can make it.
inline constexpr std::size_t kMaxSumsLine = std::size_t{16} << 10;
/// The longest note, exclude pattern or origin.
inline constexpr std::size_t kMaxSumsText = 4096;

/// Whether a path may stand in a seal: relative, 1 to 4095 bytes, no empty component, none that is
/// "." or "..", no NUL. Nothing that a seal names can so lie outside the folder that it is for, but
/// by way of symbolic links, which whoever opens files must not follow.
bool is_sealable_path(std::string_view path);

/// Whether `text` is a moment as a seal has it: "2026-11-21T22:00:00Z".
bool is_utc_time(std::string_view text);

/// Append lines, each with its newline. Throw `Error` (usage) for what the reader would refuse.
void append_header(std::string& out, const SealHeader& header);
void append_section(std::string& out, std::size_t number, std::string_view sealed);
void append_file(std::string& out, const SealedFile& file);

/// The whole text.
std::string write_sums(const Seal& seal);

/// Reads exactly what `write_sums` writes; `write_sums` of the result is `text` again. Throws
/// `Error` (input) that names the line: "SHA256SUMS: line 7: ...". A seal of another version is
/// told from one that is damaged.
Seal read_sums(std::string_view text);
/// Its first lines alone; what follows them is not looked at.
SealHeader read_sums_header(std::string_view text);

}  // namespace salus::trial
