// Any lines as the parts of a request's header that the node looks at (method, target, Accept,
// Content-Type, Authorization): there is always an answer, and nobody without a token is shown a
// body.
#include <string_view>
#include <variant>

#include "engine/openssl_sha256.h"
#include "node/api/page_cursor.h"
#include "node/api/service.h"
#include "node/api/text.h"
#include "tests/fuzz/require.h"

namespace {

using namespace salus;
using namespace salus::node;
using namespace salus::node::api;

constexpr std::string_view kToken = "token";

using salus::fuzz::require;

/// Knows whatever is asked for; remembers whether that was a body.
class AnyNode final : public NodeReader {
 public:
  [[nodiscard]] NodeStatus status() const override { return {}; }
  [[nodiscard]] std::string unready_reason() const override { return {}; }
  [[nodiscard]] std::optional<BlockSummary> block(const BlockQuery& query) const override {
    BlockSummary block;
    block.first = query.first;
    block.statement_ids.resize(query.count % 3);
    return block;
  }
  [[nodiscard]] std::optional<StatementView> statement(const Digest& id) const override {
    has_shown = true;
    StatementView view;
    view.id = id;
    return view;
  }
  [[nodiscard]] std::optional<ReceiptView> receipt(const Digest&) const override {
    return ReceiptView{};
  }
  [[nodiscard]] std::optional<StatementPage> statements(
      const StatementQuery& query) const override {
    has_shown = true;
    require(query.limit > 0 && query.from >= 0 && query.to <= kLatestTime);
    if (const auto* subject = std::get_if<std::string>(&query.common)) require(!subject->empty());
    if (!query.after.empty()) {
      const auto cursor = decode_page_cursor(query.after);
      if (!cursor) return std::nullopt;
      require(encode(*cursor) == query.after);
    }
    return StatementPage{};
  }
  [[nodiscard]] std::optional<KeyRecord> key(const KeyId&) const override { return std::nullopt; }
  [[nodiscard]] std::vector<MetricFamily> metrics() const override { return {}; }

  mutable bool has_shown = false;
};

void check_reply(const Reply& reply) {
  require(reply.status >= 200 && reply.status < 600);
  require(!reply.content_type.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static AnyNode reader;
  static const HttpMetrics metrics;
  static const Service service(
      {.tokens = {{openssl_sha256(as_bytes(kToken)), ApiRole::reader}}, .certificates = {}}, reader,
      metrics, nullptr);
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  Request request;
  for (std::string_view* part : {&request.method, &request.target, &request.accept,
                                 &request.content_type, &request.credentials.authorization})
    *part = take_until(rest, '\n');
  reader.has_shown = false;
  const Plan plan = service.plan(request);
  if (const auto* reply = std::get_if<Reply>(&plan.action)) check_reply(*reply);
  if (const auto* job = std::get_if<ReadJob>(&plan.action)) check_reply((*job)());
  if (reader.has_shown)
    require(request.credentials.authorization.find(kToken) != std::string_view::npos);
  return 0;
}
