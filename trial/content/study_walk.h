// What lies in a study's folder, one entry after the other.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "trial/content/study_folder.h"
#include "trial/seal/exclusion.h"

namespace salus::trial {

/// One entry of a walk.
struct WalkEntry {
  std::string path;       ///< From the study's folder on; that of a folder has no slash at its end.
  std::string_view kind;  ///< Empty for a regular file, else what it is: "symbolic link", ...
  int error = 0;          ///< errno, where a folder cannot be read or an entry not be examined.
};

/// Gives everything below the folder but folders that could be read, in the order of the paths'
/// bytes: what `find -type f | LC_ALL=C sort` prints, with special files and failures at their
/// places. No link is followed, so that each file comes once. Memory is bounded by the names of one
/// folder at each depth. Not thread safe.
class StudyWalk {
 public:
  /// Both must outlive the walk.
  StudyWalk(const StudyFolder& study, const Exclusion& exclusion);

  /// False at the end.
  bool next(WalkEntry& entry);

 private:
  /// A name in a folder; that of a folder with a slash at its end, by which it sorts.
  struct Name {
    std::uint64_t front = 0;  ///< Its first bytes as a number: in most cases they tell the order.
    std::size_t begin = 0;    ///< In the level's texts.
    std::uint32_t length = 0;
    int error = 0;           ///< Where the type could not be found out.
    unsigned char type = 0;  ///< As `readdir` has it.
  };
  /// A folder that is being visited.
  struct Level {
    std::string prefix;       ///< Its path with a slash, empty for the study's folder.
    std::string texts;        ///< All names, one behind the other.
    std::vector<Name> names;  ///< Those not given yet, the last first.

    void add(std::string_view text, unsigned char type, int error);
    [[nodiscard]] std::string_view text(const Name& name) const {
      return std::string_view(texts).substr(name.begin, name.length);
    }
    /// The last first.
    void sort();
  };

  /// Lists a folder as the innermost level; the errno of what failed.
  int enter(const std::string& path);

  const StudyFolder& study_;
  const Exclusion& exclusion_;
  std::vector<Level> levels_;
  int root_error_ = 0;  ///< Of listing the study's folder itself.
};

/// Bytes of all files that a walk gives, as far as the system says; 0 when asked to stop.
std::uint64_t bytes_below(const StudyFolder& study, const Exclusion& exclusion,
                          const std::stop_token& stop);

}  // namespace salus::trial
