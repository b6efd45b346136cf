// Manifest lines from anywhere: parsing must end, names must be such as a file can have, and what
// is written for an entry must be read back as the same entry.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/manifest/line.h"
#include "tests/fuzz/require.h"

namespace {

using salus::manifest::Entry;
using salus::manifest::LineKind;
using salus::manifest::LineParser;
using salus::manifest::LineStyle;

using salus::fuzz::require;

void check_written(const Entry& entry, LineStyle style) {
  std::string line;
  append_line(line, entry.digest, entry.name, style);
  require(line.find('\n') == line.size() - 1 && line.find('\r') == std::string::npos);
  line.pop_back();
  Entry again;
  require(LineParser().parse(line, again) == LineKind::entry);
  require(again.digest == entry.digest && again.name == entry.name);
  require(style.tagged || again.binary == style.binary);
}

void check_entry(const Entry& entry) {
  require(entry.name.find('\0') == std::string::npos);
  check_written(entry, {.tagged = true});
  // Only the tagged style can write a name of no bytes.
  if (entry.name.empty()) return;
  check_written(entry, {.binary = false});
  check_written(entry, {.binary = true});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  LineParser parser;
  Entry entry;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (parser.parse(line, entry) == LineKind::entry) check_entry(entry);
  }
  return 0;
}
