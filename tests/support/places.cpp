#include "tests/support/places.h"

namespace salus::test {

std::string source_file(std::string_view name) {
  return std::string(SALUS_SOURCE_DIR "/").append(name);
}

std::string built_file(std::string_view name) {
  return std::string(SALUS_BUILD_DIR "/").append(name);
}

std::string test_data(std::string_view name) {
  return source_file(std::string("tests/data/").append(name));
}

}  // namespace salus::test
