// The parameters of a URL's query, each asked for by its name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "node/api/text.h"

namespace salus::node::api {

/// Of `target`, which outlives it.
class Parameters {
 public:
  explicit Parameters(const Target& target) : target_(target) {}

  /// `otherwise` where it is not given; what is given twice, or is no number up to `largest`,
  /// spoils all.
  std::uint64_t number(std::string_view name, std::uint64_t otherwise, std::uint64_t largest);

  /// Nothing where it is not given.
  const std::string* find(std::string_view name);

  /// Whether everything was right, and there was nothing that nobody asked for: a name that is
  /// misspelt would otherwise widen a query silently.
  [[nodiscard]] bool good() const { return good_ && used_ == target_.parameters.size(); }

 private:
  const Target& target_;
  std::size_t used_ = 0;
  bool good_ = true;
};

}  // namespace salus::node::api
