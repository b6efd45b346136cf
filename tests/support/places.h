// Where tests find files. Compiled into one file, so that compiler caches serve all others in every
// checkout.
#pragma once

#include <string>
#include <string_view>

namespace salus::test {

/// The path of something in the repository.
std::string source_file(std::string_view name);
/// The path of something in the build's folder.
std::string built_file(std::string_view name);
/// The path of real data or published vectors (tests/data).
std::string test_data(std::string_view name);

}  // namespace salus::test
