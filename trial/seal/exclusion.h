// Files of a study's folder that its seal leaves out.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace salus::trial {

/// Shell patterns, as for glob(7): `*`, `?` and `[...]` match no slash. A pattern without a slash
/// is compared with the last name of a path, one with a slash with the whole path from the folder
/// on. A folder that matches is left out with all that is below it.
class Exclusion {
 public:
  Exclusion() = default;
  explicit Exclusion(std::span<const std::string> patterns)
      : patterns_(patterns.begin(), patterns.end()) {}

  /// Whether the file or folder with this path is left out by itself; those above it are asked for
  /// on their own.
  [[nodiscard]] bool matches(const std::string& path) const;
  [[nodiscard]] bool empty() const { return patterns_.empty(); }

 private:
  std::vector<std::string> patterns_;
};

}  // namespace salus::trial
