// What a verification says of each file, and where in it something differs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace salus::trial {

enum class Outcome : std::uint8_t {
  unchanged,      ///< Byte for byte as sealed.
  records_equal,  ///< The bytes differ, all records are equal under the sealed canonical form.
  changed,
  missing,
  added,       ///< Not in the seal.
  renamed,     ///< As sealed, but under another name.
  unreadable,  ///< Or it changed while it was read: nothing can be said of it.
};
inline constexpr std::size_t kOutcomes = 7;
/// "OK", "RECORDS EQUAL", "CHANGED", ...
std::string_view to_string(Outcome outcome);

/// A part of a file that is not as sealed.
struct Place {
  enum class Kind : std::uint8_t { chunk, record, variable };
  enum class Change : std::uint8_t { changed, added, removed, moved };

  Kind kind = Kind::chunk;
  Change change = Change::changed;
  std::uint64_t index =
      0;  ///< Of the chunk or record, from 0; where it was removed, the sealed index.
  /// What people find a record by: its dataset and its key variables with their values as text, for
  /// instance "AE USUBJID=01-701-1015 AESEQ=2". These are data: reports leave them out.
  std::string key;
  std::string variable;  ///< Where the kind is `variable`.
};

/// "changed", "added", "removed", "moved".
std::string_view to_string(Place::Change change);

struct Finding {
  Outcome outcome = Outcome::unchanged;
  std::string path;      ///< Relative to the study's folder, as in the seal or as found.
  std::string new_path;  ///< Where it is now, for `renamed`.
  /// For people, without values of the data; what the system said of an unreadable file. Of what
  /// was added there is one only where it is no regular file.
  std::string reason;
  /// What is not of the file's format, where reading its records had to end. It may quote data.
  std::string fault;
  std::vector<Place> places;
  std::uint64_t more_places = 0;  ///< Found but not listed, so that memory stays bounded.
};

}  // namespace salus::trial
