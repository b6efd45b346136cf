#include "cli/verify_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/input_file.h"
#include "cli/output.h"
#include "engine/log.h"

namespace salus::cli {
namespace {

using engine::signature::Reason;

/// JSON text of a string; bytes that are not UTF-8 are replaced.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// The first member of an object.
std::string origin_member(const ItemOrigin& origin) {
  return origin.line != 0 ? fmt::format("\"line\":{}", origin.line)
                          : "\"file\":" + quoted(origin.file);
}

std::string origin_text(const ItemOrigin& origin) {
  return origin.line != 0 ? fmt::format("{}", origin.line) : input_name(origin.file);
}

}  // namespace

void VerifyReport::verdict(const ItemOrigin& origin, Reason reason) {
  const bool good = reason == Reason::valid;
  ++(good ? valid_ : invalid_);
  if (!json_)
    print("{}: {}{}\n", origin_text(origin), good ? "" : "invalid ", to_string(reason));
  else if (good)
    print("{{{},\"verdict\":\"valid\"}}\n", origin_member(origin));
  else
    print("{{{},\"verdict\":\"invalid\",\"reason\":\"{}\"}}\n", origin_member(origin),
          to_string(reason));
}

void VerifyReport::no_item(const ItemOrigin& origin, const std::string& problem) {
  ++without_item_;
  if (origin.line == 0) logging::error("{}", problem);
  if (json_)
    print("{{{},\"verdict\":\"error\",\"error\":{}}}\n", origin_member(origin), quoted(problem));
  else if (origin.line != 0)
    print("{}: error {}\n", origin.line, printable(problem));
}

ExitCode VerifyReport::exit_code() const {
  if (invalid_ != 0) return kRefused;
  return without_item_ != 0 ? kUsage : kOk;
}

}  // namespace salus::cli
