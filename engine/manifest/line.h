// One line of a checksum manifest, as `sha256sum` of GNU coreutils 9.1 writes and reads it:
//
//   DIGEST  name           text mode (on POSIX the same bytes as binary mode)
//   DIGEST *name           binary mode
//   DIGEST name            written by BSD's `sha256 -r`
//   SHA256 (name) = DIGEST written by BSD's `sha256` and by `--tag`
//
// A name with a backslash, newline or carriage return has those written as \\, \n and \r, and the
// whole line begins with a backslash to say so.
#pragma once

#include <string>
#include <string_view>

#include "engine/bytes.h"

namespace salus::manifest {

struct Entry {
  Digest digest;
  std::string name;     ///< Without escapes; may hold any byte but NUL, or none at all.
  bool binary = false;  ///< Marked with '*'. Means nothing on POSIX.
  friend bool operator==(const Entry&, const Entry&) = default;
};

enum class LineKind {
  entry,      ///< A digest and a name.
  ignored,    ///< Empty, or a comment that begins with '#'.
  malformed,  ///< Anything else.
};

/// Reads lines one after the other. Remembers between them which of the two untagged styles the
/// manifest is written in: were they mixed, a name that begins with a blank or '*' could be taken
/// for another one. Not thread safe.
class LineParser {
 public:
  /// `line` comes without its newline. `entry` is changed only when an entry is returned, and its
  /// memory is used again.
  LineKind parse(std::string_view line, Entry& entry);

 private:
  enum class Style { unknown, standard, reversed };

  bool parse_untagged(std::string_view rest, bool escaped, Entry& entry);

  Style style_ = Style::unknown;
};

struct LineStyle {
  bool binary = false;  ///< '*' instead of the second blank. Does not show in tagged lines.
  bool tagged = false;  ///< SHA256 (name) = DIGEST
  bool zero = false;    ///< Ends with NUL instead of a newline, and names are not escaped.
};

/// Appends a line with its end.
void append_line(std::string& out, const Digest& digest, std::string_view name, LineStyle style);

/// Whether a name cannot stand on a line as it is.
bool needs_escape(std::string_view name);

/// Appends `name` with backslash, newline and carriage return escaped.
void append_escaped(std::string& out, std::string_view name);

}  // namespace salus::manifest
