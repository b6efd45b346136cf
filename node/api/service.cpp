#include "node/api/service.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "engine/error.h"
#include "engine/log.h"
#include "node/api/documents.h"
#include "node/api/getwork.h"
#include "node/api/parameters.h"
#include "node/api/statement_query.h"
#include "node/api/text.h"
#include "node/statement/key_id.h"

namespace salus::node::api {
namespace {

constexpr std::uint32_t kDefaultPage = 100;
constexpr std::uint32_t kLargestBlockPage = 10'000;
constexpr const char* kRetrySeconds = "1";

/// A request for a route, its path taken apart.
struct Call {
  std::string_view id;  ///< What stands in the place of {id}; a view of `target`.
  const Target& target;
  Format format = Format::json;
};

/// A reply in place of a job where the parameters are wrong.
using Job = std::variant<Reply, ReadJob>;

Reply not_found(std::string_view detail) { return problem(404, "not_found", detail); }

Reply bad_id(std::string_view detail) { return problem(400, "malformed_id", detail); }

Reply bad_parameter(std::string_view detail) { return problem(400, "bad_parameter", detail); }

Reply document(std::string body, Format format) {
  return {200, media_type(format), std::move(body), {}};
}

/// Bodies are nobody else's business: not even a cache's.
Reply private_document(std::string body, Format format) {
  Reply reply = document(std::move(body), format);
  reply.fields.emplace_back("Cache-Control", "no-store");
  return reply;
}

Job status_job(const NodeReader& reader, const Call& call) {
  if (!call.target.parameters.empty()) return bad_parameter("there are none here");
  return ReadJob([&reader, format = call.format] {
    return document(write_status(reader.status(), reader.unready_reason(), format), format);
  });
}

/// As it is shown: in reverse order.
std::optional<Digest> block_id_from_hex(std::string_view hex) {
  auto id = digest_from_hex(hex);
  if (id) std::reverse(id->begin(), id->end());
  return id;
}

Job block_job(const NodeReader& reader, const Call& call) {
  BlockQuery query;
  if (const auto id = block_id_from_hex(call.id))
    query.block = *id;
  else if (const auto height = decimal(call.id))
    query.block = *height;
  else
    return bad_id("a block is named by its height or by 64 hex digits");
  Parameters parameters(call.target);
  query.first = static_cast<std::uint32_t>(
      parameters.number("first", 0, std::numeric_limits<std::uint32_t>::max()));
  query.count =
      static_cast<std::uint32_t>(parameters.number("limit", kDefaultPage, kLargestBlockPage));
  if (!parameters.good()) return bad_parameter("first and limit (0 to 10000) are numbers");
  return ReadJob([&reader, query, format = call.format] {
    const auto block = reader.block(query);
    if (!block) return not_found("no such block on the best chain");
    return document(write_block(*block, format), format);
  });
}

/// A job about the statement that the path names.
template <typename Read>
Job about_statement(const Call& call, Read read) {
  const auto id = digest_from_hex(call.id);
  if (!id) return bad_id("a statement is named by 64 hex digits");
  if (!call.target.parameters.empty()) return bad_parameter("there are none here");
  return ReadJob([id = *id, format = call.format, read] { return read(id, format); });
}

Job statement_job(const NodeReader& reader, const Call& call) {
  return about_statement(call, [&reader](const Digest& id, Format format) {
    const auto statement = reader.statement(id);
    if (!statement) return not_found("no such statement is known");
    return private_document(write_statement(*statement, format), format);
  });
}

Job receipt_job(const NodeReader& reader, const Call& call) {
  return about_statement(call, [&reader](const Digest& id, Format format) {
    const auto receipt = reader.receipt(id);
    if (!receipt) return not_found("no such statement is known");
    return document(write_receipt(id, *receipt, format), format);
  });
}

/// A job that shows a page of what `query` asks for, as `write` has it.
template <typename Write>
Job page_job(const NodeReader& reader, const std::variant<StatementQuery, BadParameters>& asked,
             Write write) {
  if (const auto* bad = std::get_if<BadParameters>(&asked)) return bad_parameter(*bad);
  return ReadJob([&reader, query = std::get<StatementQuery>(asked), write] {
    const auto page = reader.statements(query);
    if (!page) return bad_parameter(kBadCursor);
    return write(query, *page);
  });
}

Job statements_job(const NodeReader& reader, const Call& call) {
  return page_job(reader, statement_query(call.target),
                  [format = call.format](const StatementQuery&, const StatementPage& page) {
                    return private_document(write_statements(page, format), format);
                  });
}

Job telemetry_job(const NodeReader& reader, const Call& call) {
  return page_job(reader, telemetry_query(call.target),
                  [format = call.format](const StatementQuery& query, const StatementPage& page) {
                    const auto& device = std::get<KeyId>(query.common);
                    return private_document(write_telemetry(device, page, format), format);
                  });
}

Job device_job(const NodeReader& reader, const Call& call) {
  const auto id = key_id_from_hex(call.id);
  if (!id) return bad_id("a device is named by its key id: 32 hex digits");
  if (!call.target.parameters.empty()) return bad_parameter("there are none here");
  return ReadJob([&reader, id = *id, format = call.format] {
    const auto key = reader.key(id);
    if (!key) return not_found("no such key is registered");
    return document(write_key(id, *key, format), format);
  });
}

struct ReadRoute {
  std::string_view path;        ///< With at most one {id}.
  std::optional<ApiRole> role;  ///< Nothing: no body is shown, everybody may.
  Job (*job)(const NodeReader& reader, const Call& call);
};

constexpr std::array<ReadRoute, 7> kReadRoutes{{
    {"/v1/status", std::nullopt, status_job},
    {"/v1/blocks/{id}", std::nullopt, block_job},
    {"/v1/statements", ApiRole::reader, statements_job},
    {"/v1/statements/{id}", ApiRole::reader, statement_job},
    {"/v1/statements/{id}/receipt", std::nullopt, receipt_job},
    {"/v1/telemetry", ApiRole::reader, telemetry_job},
    {"/v1/devices/{id}", std::nullopt, device_job},
}};

constexpr std::string_view kSubmitPath = "/v1/statements";
constexpr std::string_view kGetworkPath = "/";
constexpr std::string_view kLongPollPath = "/longpoll";
constexpr std::string_view kMetricsPath = "/metrics";
constexpr std::string_view kHealthPath = "/healthz";
constexpr std::string_view kReadyPath = "/readyz";
constexpr std::string_view kNoRoute = "none";
constexpr std::string_view kPlace = "{id}";

/// What stands in the place of {id} (or an empty view where there is none); nothing when the path
/// is not of this form.
std::optional<std::string_view> match(std::string_view form, std::string_view path) {
  const std::size_t place = form.find(kPlace);
  if (place == std::string_view::npos)
    return form == path ? std::optional(std::string_view{}) : std::nullopt;
  const std::string_view behind = form.substr(place + kPlace.size());
  if (path.size() <= place + behind.size() || !path.starts_with(form.substr(0, place)) ||
      !path.ends_with(behind))
    return std::nullopt;
  const std::string_view id = path.substr(place, path.size() - place - behind.size());
  if (id.find('/') != std::string_view::npos) return std::nullopt;
  return id;
}

Reply wrong_method(std::string_view allowed) {
  Reply reply = problem(405, "method_not_allowed", "the Allow field says what is");
  reply.fields.emplace_back("Allow", allowed);
  return reply;
}

bool is_reading(std::string_view method) { return method == "GET" || method == "HEAD"; }

/// Nothing when the sender may.
std::optional<Reply> check_role(const AccessList& access, const Credentials& credentials,
                                ApiRole needed) {
  const auto role = access.role_of(credentials);
  if (role && *role >= needed) return std::nullopt;
  Reply reply = role ? problem(403, "not_permitted", "the role does not allow this")
                     : problem(401, "no_credentials",
                               "this needs a bearer token or a client certificate that is known");
  if (!role) reply.fields.emplace_back("WWW-Authenticate", "Bearer realm=\"salus\"");
  return reply;
}

Reply not_ready(std::string_view reason) {
  Reply reply = problem(503, "not_ready", reason);
  reply.fields.emplace_back("Retry-After", kRetrySeconds);
  return reply;
}

/// What goes wrong inside stays inside; the log says what it was, which names no body.
template <typename Job>
auto guarded(Job job) {
  return [job = std::move(job)](auto... body) -> Reply {
    try {
      return job(body...);
    } catch (const NotOpenYet& error) {
      return not_ready(error.what());
    } catch (const std::exception& error) {
      logging::warn("http: a read failed: {}", error.what());
      return problem(500, "internal_error", "the node's log says what it was");
    }
  };
}

Reply readiness(const NodeReader& reader) {
  const std::string reason = reader.unready_reason();
  if (!reason.empty()) return not_ready(reason);
  return {200, "text/plain; charset=utf-8", "ready\n", {}};
}

std::variant<Reply, SubmitStatements> plan_submit(const Request& request) {
  if (request.method != "POST") return wrong_method("GET, HEAD, POST");
  const auto format = choose_format(request.accept);
  if (!format) return problem(406, "not_acceptable", "there is JSON, and CBOR");
  if (!may_hold_statements(request.content_type))
    return problem(415, "unsupported_media_type",
                   "statements come as application/cose, application/cbor or "
                   "application/cbor-seq");
  return SubmitStatements{*format};
}

std::variant<Reply, BodyJob> plan_getwork(const Request& request, const Getwork& getwork,
                                          bool waits) {
  if (request.method != "POST") return wrong_method("POST");
  if (auto refused = getwork.refusal(request.credentials.authorization)) return *refused;
  BodyJob job{
      kMaxGetworkBytes, guarded([&getwork](Bytes body) { return getwork.answer(body); }), {}};
  if (waits)
    job.wait = [&getwork](std::function<void()> ready) {
      getwork.call_on_new_work(std::move(ready));
    };
  return job;
}

Job plan_read(const ReadRoute& route, std::string_view id, const Target& target,
              const Request& request, const AccessList& access, const NodeReader& reader) {
  if (!is_reading(request.method)) return wrong_method("GET, HEAD");
  if (route.role)
    if (auto refused = check_role(access, request.credentials, *route.role)) return *refused;
  const auto format = choose_format(request.accept);
  if (!format) return problem(406, "not_acceptable", "there is JSON, and CBOR");
  return route.job(reader, {id, target, *format});
}

template <typename Step>
Plan planned(std::string_view route, Step step) {
  Plan plan{route, Reply{}};
  std::visit([&plan](auto& action) { plan.action = std::move(action); }, step);
  return plan;
}

}  // namespace

Plan Service::plan(const Request& request) const {
  const auto target = parse_target(request.target);
  if (!target) return {kNoRoute, problem(400, "malformed_target", "the request's target is none")};
  const std::string& path = target->path;

  if (path == kSubmitPath && !is_reading(request.method))
    return planned(kSubmitPath, plan_submit(request));
  if (getwork_ != nullptr)
    for (const std::string_view own : {kGetworkPath, kLongPollPath})
      if (path == own) return planned(own, plan_getwork(request, *getwork_, own == kLongPollPath));
  for (const ReadRoute& route : kReadRoutes)
    if (const auto id = match(route.path, path)) {
      Job job = plan_read(route, *id, *target, request, access_, reader_);
      if (auto* read = std::get_if<ReadJob>(&job)) *read = guarded(std::move(*read));
      return planned(route.path, std::move(job));
    }

  for (const std::string_view own : {kMetricsPath, kHealthPath, kReadyPath})
    if (path == own && !is_reading(request.method)) return {own, wrong_method("GET, HEAD")};
  if (path == kHealthPath)
    return {kHealthPath, Reply{200, "text/plain; charset=utf-8", "alive\n", {}}};
  if (path == kReadyPath) return {kReadyPath, readiness(reader_)};
  if (path == kMetricsPath)
    return {kMetricsPath, ReadJob(guarded([this]() -> Reply {
              const bool ready = reader_.unready_reason().empty();
              return {200,
                      kMetricsType,
                      metrics_.serialise(reader_.status(), ready, reader_.metrics()),
                      {}};
            }))};
  return {kNoRoute, problem(404, "unknown_path", "there is nothing here")};
}

Reply outcomes_reply(std::span<const Outcome> outcomes, Format format) {
  const bool any_held = std::any_of(outcomes.begin(), outcomes.end(),
                                    [](const Outcome& outcome) { return outcome.is_held(); });
  const bool any_overloaded =
      std::any_of(outcomes.begin(), outcomes.end(),
                  [](const Outcome& outcome) { return outcome.refusal == Refusal::overloaded; });
  Reply reply{202, media_type(format), write_outcomes(outcomes, format), {}};
  if (!any_held) reply.status = any_overloaded ? 429 : 422;
  if (any_overloaded) reply.fields.emplace_back("Retry-After", kRetrySeconds);
  return reply;
}

Reply overloaded_reply() {
  Reply reply = problem(429, "overloaded", "nothing was taken: queues are full");
  reply.fields.emplace_back("Retry-After", kRetrySeconds);
  return reply;
}

Reply busy_reply() {
  Reply reply = problem(503, "busy", "too much is being done for others");
  reply.fields.emplace_back("Retry-After", kRetrySeconds);
  return reply;
}

}  // namespace salus::node::api
