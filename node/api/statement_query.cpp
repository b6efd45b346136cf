#include "node/api/statement_query.h"

#include <optional>
#include <string>
#include <utility>

#include "engine/bytes.h"
#include "node/api/parameters.h"
#include "node/statement/key_id.h"

namespace salus::node::api {
namespace {

constexpr std::uint64_t kDefaultPage = 100;
constexpr std::uint64_t kLargestPage = 1000;
constexpr std::size_t kMaxCursorBytes = 64;
constexpr std::size_t kMaxSubjectBytes = 255;

/// Reads what all pages have; to be called last, since it looks whether anything is left over.
std::variant<StatementQuery, BadParameters> with_page(StatementQuery query,
                                                      Parameters& parameters) {
  constexpr auto kLatest = static_cast<std::uint64_t>(kLatestTime);
  query.from = static_cast<std::int64_t>(parameters.number("from", 0, kLatest));
  query.to = static_cast<std::int64_t>(parameters.number("to", kLatest, kLatest));
  query.limit = parameters.number("limit", kDefaultPage, kLargestPage);
  if (const std::string* after = parameters.find("after")) {
    auto cursor = from_hex(*after);
    if (!cursor || cursor->empty() || cursor->size() > kMaxCursorBytes) return kBadCursor;
    query.after = std::move(*cursor);
  }
  if (!parameters.good() || query.limit == 0)
    return "each parameter once and none that there is not; from and to are seconds since 1970 "
           "UTC, limit is 1 to 1000";
  return query;
}

}  // namespace

std::variant<StatementQuery, BadParameters> telemetry_query(const Target& target) {
  Parameters parameters(target);
  const std::string* device = parameters.find("device");
  const auto id = device == nullptr ? std::nullopt : key_id_from_hex(*device);
  if (!id) return "device is the key id of a device: 32 hex digits";
  StatementQuery query;
  query.common = *id;
  query.only_telemetry = true;
  return with_page(std::move(query), parameters);
}

std::variant<StatementQuery, BadParameters> statement_query(const Target& target) {
  Parameters parameters(target);
  const std::string* signer = parameters.find("signer");
  const std::string* subject = parameters.find("subject");
  const std::string* type = parameters.find("type");
  if ((signer != nullptr) + (subject != nullptr) + (type != nullptr) > 1)
    return "one of signer, subject and type, or none of them";
  StatementQuery query;
  if (signer != nullptr) {
    const auto id = key_id_from_hex(*signer);
    if (!id) return "signer is a key id: 32 hex digits";
    query.common = *id;
  } else if (subject != nullptr) {
    if (subject->empty() || subject->size() > kMaxSubjectBytes) return "subject has 1 to 255 bytes";
    query.common = *subject;
  } else if (type != nullptr) {
    const auto known = content_type_from_media_type(*type);
    if (!known) return "type is the media type of a statement, with + written as %2B";
    query.common = *known;
  }
  return with_page(std::move(query), parameters);
}

}  // namespace salus::node::api
