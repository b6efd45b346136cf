#include "cli/simulate/outcome_reader.h"

#include <nlohmann/json.hpp>

#include "engine/cbor_cursor.h"
#include "node/ingest/mempool.h"

namespace salus::cli::simulate {

using node::Refusal;

namespace {

/// Members of one outcome; those that are not known are passed over.
std::optional<ReadOutcome> read_outcome(CborCursor& cursor) {
  ReadOutcome outcome;
  std::optional<bool> accepted;
  const std::uint64_t members = cursor.map();
  for (std::uint64_t i = 0; i < members && !cursor.failed(); ++i) {
    const std::string_view name = cursor.text_string();
    if (name == "reason") {
      outcome.refusal = refusal_named(cursor.text_string());
      if (!outcome.refusal) return std::nullopt;
    } else if (name == "accepted") {
      accepted = cursor.head().argument == kCborTrue;
    } else {
      cursor.item();
    }
  }
  if (cursor.failed() || accepted != !outcome.refusal.has_value()) return std::nullopt;
  return outcome;
}

}  // namespace

std::optional<Refusal> refusal_named(std::string_view name) {
  for (std::size_t i = 0; i < node::kRefusals; ++i)
    if (to_string(static_cast<Refusal>(i)) == name) return static_cast<Refusal>(i);
  return std::nullopt;
}

std::optional<std::vector<ReadOutcome>> read_outcomes(Bytes cbor) {
  CborCursor cursor(cbor);
  if (cursor.map() != 1 || cursor.text_string() != "statements") return std::nullopt;
  std::vector<ReadOutcome> outcomes;
  const std::uint64_t count = cursor.array();
  for (std::uint64_t i = 0; i < count && !cursor.failed(); ++i) {
    const auto outcome = read_outcome(cursor);
    if (!outcome) return std::nullopt;
    outcomes.push_back(*outcome);
  }
  if (!cursor.finished()) return std::nullopt;
  return outcomes;
}

std::optional<RefusedNotice> read_refused_notice(Bytes json) {
  const auto notice = nlohmann::json::parse(json.begin(), json.end(), nullptr, false);
  if (!notice.is_object()) return std::nullopt;
  const auto reason = notice.find("reason");
  const auto packet_id = notice.find("packet_id");
  if (reason == notice.end() || !reason->is_string() || packet_id == notice.end() ||
      !packet_id->is_number_unsigned())
    return std::nullopt;
  const auto refusal = refusal_named(reason->get<std::string>());
  const auto number = packet_id->get<std::uint64_t>();
  if (!refusal || number > 0xFFFF) return std::nullopt;
  return RefusedNotice{*refusal, static_cast<std::uint16_t>(number)};
}

}  // namespace salus::cli::simulate
