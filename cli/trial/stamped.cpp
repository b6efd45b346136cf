#include "cli/trial/stamped.h"

#include <fmt/format.h>

#include <variant>

#include "cli/output.h"
#include "engine/bytes.h"
#include "trial/proof/signed_seal.h"
#include "trial/proof/timestamp.h"

namespace salus::cli {

StampFinding check_stamp(const trial::SealFolder& seal, const std::string& authorities) {
  const bool is_asked_for = !authorities.empty();
  const auto response = seal.part(trial::kTimestampFile, trial::kMaxTimestampBytes);
  if (!response && !is_asked_for) return {};
  if (!response) return {false, "stamp   NOT stamped: `salus trial stamp` attaches a time stamp\n"};
  const auto verdict =
      trial::check_timestamp(as_bytes(*response), signatures_in(seal).checkpoint, authorities);
  if (const auto* reason = std::get_if<std::string>(&verdict))
    return {false, fmt::format("stamp   does NOT hold: {}\n", *reason)};
  const auto& stamp = std::get<trial::Timestamp>(verdict);
  return {true, fmt::format("stamp   {} by {}{}\n", stamp.time, printable(stamp.authority),
                            stamp.is_trusted ? ""
                                             : " (whether it is to be trusted, was not asked: "
                                               "--ca says it)")};
}

}  // namespace salus::cli
