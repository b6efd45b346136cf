#include "trial/seal/exclusion.h"

#include <fnmatch.h>

#include <algorithm>

namespace salus::trial {

bool Exclusion::matches(const std::string& path) const {
  const char* const whole = path.c_str();
  const char* const name = whole + (path.rfind('/') + 1);  // 0 when there is no slash
  return std::any_of(patterns_.begin(), patterns_.end(), [&](const std::string& pattern) {
    const bool by_path = pattern.find('/') != std::string::npos;
    return fnmatch(pattern.c_str(), by_path ? whole : name, FNM_PATHNAME) == 0;
  });
}

}  // namespace salus::trial
