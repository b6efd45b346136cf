// docs/openapi.json against the server: every path, method and status that the file names is
// exercised, and the server answers in the media types and the form that the file says.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <set>

#include "tests/node/api/api_fixture.h"
#include "tests/node/api/schema.h"
#include "tests/support/places.h"

namespace salus::test {
namespace {

using nlohmann::json;
using node::Refusal;

json openapi() {
  std::ifstream file(source_file("docs/openapi.json"));
  return json::parse(file);
}

node::api::HttpOptions small_options(std::size_t reads) {
  auto options = test_options();
  options.max_body_bytes = 4096;
  options.max_waiting_reads = reads;
  return options;
}

struct Servers {
  Api api{small_options(100)};
  Api busy{small_options(0)};
};

using Scenario = std::function<HttpAnswer(Servers&)>;

Scenario get(const std::string& target, const std::string& accept = "*/*") {
  return [=](Servers& servers) { return servers.api.get(target, accept); };
}

Scenario get_broken(const std::string& target) {
  return [=](Servers& servers) {
    servers.api.reader.broken = true;
    HttpAnswer answer = servers.api.get(target);
    servers.api.reader.broken = false;
    return answer;
  };
}

Scenario get_busy(const std::string& target) {
  return [=](Servers& servers) { return servers.busy.get(target); };
}

Scenario get_unknown(const std::string& target) {
  return [=](Servers& servers) { return servers.api.client.get(target); };
}

Scenario post(const std::string& body, std::map<std::string, std::string> fields = {}) {
  return [=](Servers& servers) { return servers.api.post(body, fields); };
}

HttpAnswer post_refused(Servers& servers) {
  servers.api.sink.judge = [](Bytes) { return Refusal::bad_signature; };
  HttpAnswer answer = servers.api.post(small_message());
  servers.api.sink.judge = [](Bytes) { return std::nullopt; };
  return answer;
}

HttpAnswer post_when_full(Servers& servers) {
  servers.api.sink.full = true;
  HttpAnswer answer = servers.api.post(small_message());
  servers.api.sink.full = false;
  return answer;
}

HttpAnswer get_unready(Servers& servers) {
  servers.api.reader.unready = "replaying the log";
  HttpAnswer answer = servers.api.client.get("/readyz");
  servers.api.reader.unready = {};
  return answer;
}

struct Case {
  std::string path;  ///< As the file has it.
  std::string method;
  std::string status;
  Scenario run;
};

const std::string kZeros(64, '0');
const std::string kHtml = "text/html";

/// What every route that reads has in common; `id` has no digits, `missing` is not there.
void add_read(std::vector<Case>& cases, const std::string& path, const std::string& target,
              const std::string& bad) {
  cases.push_back({path, "get", "200", get(target)});
  cases.push_back({path, "get", "200", get(target, "application/cbor")});
  cases.push_back({path, "get", "400", get(bad)});
  cases.push_back({path, "get", "406", get(target, kHtml)});
  cases.push_back({path, "get", "500", get_broken(target)});
  cases.push_back({path, "get", "503", get_busy(target)});
}

std::vector<Case> all_cases(const FakeNode& node) {
  const std::string statement = "/v1/statements/" + to_hex(node.statement_id);
  const std::string telemetry = "/v1/telemetry?device=" + to_hex(node.device);
  std::vector<Case> cases;
  add_read(cases, "/v1/statements/{id}", statement, "/v1/statements/xyz");
  cases.push_back({"/v1/statements/{id}", "get", "401", get_unknown(statement)});
  cases.push_back({"/v1/statements/{id}", "get", "404", get("/v1/statements/" + kZeros)});
  add_read(cases, "/v1/statements/{id}/receipt", statement + "/receipt",
           "/v1/statements/xyz/receipt");
  cases.push_back(
      {"/v1/statements/{id}/receipt", "get", "404", get("/v1/statements/" + kZeros + "/receipt")});
  add_read(cases, "/v1/blocks/{id}", "/v1/blocks/2?first=1&limit=10", "/v1/blocks/-1");
  cases.push_back(
      {"/v1/blocks/{id}", "get", "200", get("/v1/blocks/" + to_hex_reversed(node.block_id))});
  cases.push_back({"/v1/blocks/{id}", "get", "400", get("/v1/blocks/2?limit=10001")});
  cases.push_back({"/v1/blocks/{id}", "get", "404", get("/v1/blocks/77")});
  add_read(cases, "/v1/telemetry", telemetry, "/v1/telemetry");
  cases.push_back({"/v1/telemetry", "get", "200", get(telemetry + "&after=010203&limit=1")});
  cases.push_back({"/v1/telemetry", "get", "401", get_unknown(telemetry)});
  for (const char* bad : {"&after=99", "&form=1", "&from=-1", "&limit=0", "&limit=1001",
                          "&from=1&from=2", "&to=1e9", "&after="})
    cases.push_back({"/v1/telemetry", "get", "400", get(telemetry + bad)});
  add_read(cases, "/v1/devices/{id}", "/v1/devices/" + to_hex(node.device), "/v1/devices/12");
  cases.push_back({"/v1/devices/{id}", "get", "404", get("/v1/devices/" + kZeros.substr(32))});
  add_read(cases, "/v1/status", "/v1/status", "/v1/status?verbose=1");

  cases.push_back({"/metrics", "get", "200", get("/metrics")});
  cases.push_back({"/metrics", "get", "500", get_broken("/metrics")});
  cases.push_back({"/metrics", "get", "503", get_busy("/metrics")});
  cases.push_back({"/healthz", "get", "200", get_unknown("/healthz")});
  cases.push_back({"/readyz", "get", "200", get_unknown("/readyz")});
  cases.push_back({"/readyz", "get", "503", get_unready});

  const std::string submit = "/v1/statements";
  const std::string about = submit + "?subject=" + std::string(kSecretSubject);
  add_read(cases, submit, about, submit + "?subject=");
  cases.push_back({submit, "get", "200", get(submit + "?after=010203&limit=1")});
  cases.push_back({submit, "get", "401", get_unknown(about)});
  for (const char* bad : {"&type=application/cose", "&signer=12", "&subjekt=x", "&limit=0",
                          "&after=99", "&from=1&from=2"})
    cases.push_back({submit, "get", "400", get(about + bad)});
  cases.push_back({submit, "get", "400", get(submit + "?type=application/senml+cbor")});
  cases.push_back({submit, "get", "400", get(submit + "?signer=" + kZeros)});
  const std::string many(5000, '\x80');
  cases.push_back({submit, "post", "202", post(small_message())});
  cases.push_back({submit, "post", "202", post(small_message(), {{"Accept", "application/cbor"}})});
  cases.push_back({submit, "post", "400", post("")});
  cases.push_back({submit, "post", "400", post("\xff")});
  cases.push_back({submit, "post", "406", post(small_message(), {{"Accept", kHtml}})});
  cases.push_back({submit, "post", "413", post(many)});
  cases.push_back({submit, "post", "415", post("x", {{"Content-Type", "application/json"}})});
  cases.push_back({submit, "post", "417", post("x", {{"Expect", "miracles"}})});
  cases.push_back({submit, "post", "422", post_refused});
  cases.push_back({submit, "post", "429", post_when_full});
  cases.push_back({submit, "post", "431", post("x", {{"X-Flood", std::string(9000, 'x')}})});
  return cases;
}

/// Whether the answer is as this response of the file says.
void expect_form(const json& document, const json& response, const HttpAnswer& answer) {
  const std::string full_type = answer.field("Content-Type");
  const std::string type = full_type.substr(0, full_type.find(';'));
  ASSERT_TRUE(response["content"].contains(type)) << type;
  const json& schema = response["content"][type]["schema"];
  if (type == "text/plain") return;
  const json value =
      type == "application/cbor" ? json::from_cbor(answer.body) : json::parse(answer.body);
  EXPECT_EQ(schema_fault(document, schema, value), "") << value.dump();
  if (value.contains("reason") && type == "application/problem+json") {
    EXPECT_EQ(value["status"], answer.status);
    EXPECT_EQ(value["type"], "urn:salus:problem:" + value["reason"].get<std::string>());
  }
}

TEST(OpenApi, IsWhatTheServerDoes) {
  const json document = openapi();
  Servers servers;
  servers.busy.reader.device = servers.api.reader.device;
  for (const Case& one : all_cases(servers.api.reader)) {
    SCOPED_TRACE(one.method + " " + one.path + " " + one.status);
    const HttpAnswer answer = one.run(servers);
    EXPECT_EQ(std::to_string(answer.status), one.status) << answer.body;
    const json& response = document["paths"][one.path][one.method]["responses"][one.status];
    expect_form(document, resolved(document, response), answer);
  }
}

TEST(OpenApi, HasNothingThatIsNotExercised) {
  std::set<std::string> in_file;
  const json document = openapi();
  for (const auto& [path, methods] : document["paths"].items())
    for (const auto& [method, operation] : methods.items())
      for (const auto& [status, response] : operation["responses"].items()) {
        std::string name = method;
        in_file.insert(name.append(" ").append(path).append(" ").append(status));
      }
  std::set<std::string> exercised;
  for (const Case& one : all_cases(FakeNode()))
    exercised.insert(one.method + " " + one.path + " " + one.status);
  EXPECT_EQ(in_file, exercised);
}

TEST(OpenApi, SaysWhereATokenIsNeeded) {
  const json document = openapi();
  for (const Case& one : all_cases(FakeNode())) {
    const json& operation = document["paths"][one.path][one.method];
    EXPECT_EQ(operation["responses"].contains("401"), !operation["security"].empty()) << one.path;
  }
}

TEST(OpenApi, NamesEveryReasonToRefuseAStatement) {
  const json reasons = openapi()["components"]["schemas"]["Outcomes"]["properties"]["statements"]
                                ["items"]["properties"]["reason"]["enum"];
  std::set<std::string> names;
  for (unsigned i = 0; i <= static_cast<unsigned>(Refusal::overloaded); ++i)
    names.emplace(to_string(static_cast<Refusal>(i)));
  EXPECT_EQ(reasons.get<std::set<std::string>>(), names);
}

}  // namespace
}  // namespace salus::test
