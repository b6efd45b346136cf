#include "node/api/documents.h"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <variant>

#include "engine/cbor_writer.h"
#include "node/statement/senml.h"
#include "node/statement/statement.h"

namespace salus::node::api {
namespace {

using Json = nlohmann::ordered_json;

/// Documents of one format: how bytes are shown, and how the whole is written.
class Form {
 public:
  explicit Form(Format format) : format_(format) {}

  [[nodiscard]] Json bytes(Bytes bytes) const {
    if (format_ == Format::json) return to_hex(bytes);
    return Json::binary({bytes.begin(), bytes.end()});
  }

  [[nodiscard]] Json block_id(const Digest& id) const {
    return format_ == Format::json ? Json(to_hex_reversed(id)) : bytes(id);
  }

  /// Text that came from outside may be no UTF-8: what is none is replaced.
  [[nodiscard]] std::string write(const Json& document) const {
    if (format_ == Format::json)
      return document.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    std::string out;
    Json::to_cbor(document, out);
    return out;
  }

 private:
  Format format_;
};

Json of_place(const Form& form, const BlockPosition& at) {
  return {{"height", at.height},
          {"index", at.index},
          {"block", form.block_id(at.block)},
          {"blocks_above", at.blocks_above},
          {"work_above", at.work_above.hex()}};
}

void add_place(const Form& form, const StatementPlace& place, Json& out) {
  out["state"] = to_string(place.state);
  if (place.position) out["position"] = of_place(form, *place.position);
}

Json of_stage(const StageStatus& stage) {
  return {{"name", stage.name},
          {"depth", stage.depth},
          {"capacity", stage.capacity},
          {"duty", stage.duty},
          {"latency_p50", stage.latency_p50},
          {"latency_p99", stage.latency_p99}};
}

Json of_mempool(const MempoolStatus& mempool) {
  return {{"statements", mempool.statements}, {"bytes", mempool.bytes}, {"full", mempool.full}};
}

Json of_log(const LogStatus& log) {
  return {{"records", log.records},
          {"syncs", log.syncs},
          {"disk_bytes", log.disk_bytes},
          {"last_sync", log.last_sync}};
}

/// What the statement says about itself, besides its signer.
void add_claims(const Statement& statement, Json& out) {
  out["type"] = media_type(statement.type);
  if (!statement.issuer.empty()) out["issuer"] = statement.issuer;
  if (!statement.subject.empty()) out["subject"] = statement.subject;
  out["issued_at"] = statement.issued_at;
  out["sequence"] = statement.sequence;
}

Json of_value(const Form& form, const SenmlValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* text = std::get_if<std::string_view>(&value)) return *text;
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  if (const auto* bytes = std::get_if<Bytes>(&value)) return form.bytes(*bytes);
  return nullptr;
}

Json of_measurement(const Form& form, const SenmlMeasurement& measurement) {
  Json out{{"name", measurement.name}};
  if (!measurement.unit.empty()) out["unit"] = measurement.unit;
  out["time"] = measurement.time;
  if (!std::holds_alternative<std::monostate>(measurement.value))
    out["value"] = of_value(form, measurement.value);
  if (measurement.sum) out["sum"] = *measurement.sum;
  if (measurement.update_time) out["update_time"] = *measurement.update_time;
  return out;
}

void add_payload(const Form& form, const Statement& statement, Json& out) {
  if (statement.type == ContentType::senml_cbor) {
    if (const auto pack = resolve_senml(statement.payload, statement.issued_at)) {
      Json& measurements = out["measurements"] = Json::array();
      for (const SenmlMeasurement& one : *pack) measurements.push_back(of_measurement(form, one));
      return;
    }
  }
  out["payload"] = form.bytes(statement.payload);
}

/// What is known of a statement even when its body is gone.
Json of_place_and_body(const Form& form, const StatementView& view) {
  Json out{{"id", form.bytes(view.id)}};
  add_place(form, view.place, out);
  out["body"] = to_string(view.body);
  return out;
}

Json of_telemetry(const Form& form, const StatementView& view) {
  Json out = of_place_and_body(form, view);
  if (view.body != BodyState::present) return out;
  const auto parsed = parse_statement(view.message, kMaxStatementBytes);
  if (const auto* statement = std::get_if<Statement>(&parsed)) {
    add_claims(*statement, out);
    add_payload(form, *statement, out);
  }
  return out;
}

Json of_statement(const Form& form, const StatementView& view) {
  Json out = of_place_and_body(form, view);
  if (view.body != BodyState::present) return out;
  const auto parsed = parse_statement(view.message, kMaxStatementBytes);
  if (const auto* statement = std::get_if<Statement>(&parsed)) {
    out["signer"] = form.bytes(statement->signer);
    add_claims(*statement, out);
  }
  out["message"] = form.bytes(view.message);
  return out;
}

/// Fills `out`, which may say more, with the page's statements and where the next one begins.
template <typename Write>
void add_page(const StatementPage& page, const Write& write, Json& out) {
  Json& statements = out["statements"] = Json::array();
  for (const StatementView& view : page.statements) statements.push_back(write(view));
  // A cursor goes into a URL as it is: hex in both formats.
  if (!page.next.empty()) out["next"] = to_hex(page.next);
}

std::string_view name_of(KeyStatus status) {
  switch (status) {
    case KeyStatus::active: return "active";
    case KeyStatus::replaced: return "replaced";
    case KeyStatus::revoked: return "revoked";
  }
  std::abort();  // not one of them: a number cast by mistake
}

/// Where not even the message's form could be read there is no id.
bool has_id(const Outcome& outcome) { return outcome.id != Digest{}; }

std::string outcomes_as_json(std::span<const Outcome> outcomes) {
  constexpr std::size_t kBytesEach = 128;
  std::string out = R"({"statements":[)";
  out.reserve(outcomes.size() * kBytesEach);
  for (const Outcome& outcome : outcomes) {
    if (out.back() != '[') out += ',';
    out += '{';
    if (has_id(outcome)) out.append(R"("id":")").append(to_hex(outcome.id)).append(R"(",)");
    if (outcome.refusal)
      out.append(R"("accepted":false,"reason":")")
          .append(to_string(*outcome.refusal))
          .append("\"}");
    else
      out.append(R"("accepted":true,"state":"received"})");
  }
  return out + "]}\n";
}

std::string outcomes_as_cbor(std::span<const Outcome> outcomes) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.map(1);
  writer.text_string("statements");
  writer.array(outcomes.size());
  for (const Outcome& outcome : outcomes) {
    writer.map(has_id(outcome) ? 3 : 2);
    if (has_id(outcome)) {
      writer.text_string("id");
      writer.byte_string(outcome.id);
    }
    writer.text_string(outcome.refusal ? "reason" : "state");
    writer.text_string(outcome.refusal ? to_string(*outcome.refusal)
                                       : to_string(StatementState::received));
    writer.text_string("accepted");
    writer.boolean(!outcome.refusal);
  }
  return {out.begin(), out.end()};
}

}  // namespace

std::string_view to_string(StatementState state) {
  switch (state) {
    case StatementState::received: return "received";
    case StatementState::in_block: return "in_block";
    case StatementState::final: return "final";
  }
  std::abort();  // not one of them: a number cast by mistake
}

std::string_view to_string(BodyState state) {
  switch (state) {
    case BodyState::present: return "present";
    case BodyState::erased: return "erased";
    case BodyState::pruned: return "pruned";
  }
  std::abort();  // not one of them: a number cast by mistake
}

std::string write_status(const NodeStatus& status, std::string_view unready_reason, Format format) {
  const Form form(format);
  Json out{{"version", status.version},
           {"ready", unready_reason.empty()},
           {"chain", form.block_id(status.chain)},
           {"height", status.height},
           {"tip", form.block_id(status.tip)},
           {"tip_time", status.tip_time},
           {"total_work", status.total_work.hex()},
           {"final_height", status.final_height},
           {"waiting", status.waiting},
           {"accepted", status.accepted},
           {"refused", status.refused},
           {"mining", status.mining},
           {"latency_p50", status.latency_p50},
           {"latency_p99", status.latency_p99},
           {"mempool", of_mempool(status.mempool)},
           {"log", of_log(status.log)},
           {"devices", status.devices}};
  if (!unready_reason.empty()) out["unready_reason"] = unready_reason;
  Json& stages = out["stages"] = Json::array();
  for (const StageStatus& stage : status.stages) stages.push_back(of_stage(stage));
  return form.write(out);
}

std::string write_block(const BlockSummary& block, Format format) {
  const Form form(format);
  Json out{{"id", form.block_id(block.id)},
           {"height", block.height},
           {"state", to_string(block.is_final ? StatementState::final : StatementState::in_block)},
           {"blocks_above", block.blocks_above},
           {"work_above", block.work_above.hex()},
           {"previous", form.block_id(block.header.previous)},
           {"merkle_root", form.bytes(block.header.merkle_root)},
           {"time", block.header.time},
           {"bits", block.header.bits},
           {"nonce", block.header.nonce},
           {"header", form.bytes(pow::serialise(block.header))},
           {"statements", block.statements},
           {"first", block.first}};
  Json& ids = out["statement_ids"] = Json::array();
  for (const Digest& id : block.statement_ids) ids.push_back(form.bytes(id));
  return form.write(out);
}

std::string write_statement(const StatementView& view, Format format) {
  const Form form(format);
  return form.write(of_statement(form, view));
}

std::string write_receipt(const Digest& id, const ReceiptView& receipt, Format format) {
  const Form form(format);
  Json out{{"id", form.bytes(id)}};
  add_place(form, receipt.place, out);
  if (!receipt.receipt.empty()) {
    out["receipt"] = form.bytes(receipt.receipt);
    out["signed_header"] = form.bytes(receipt.signed_header);
    if (!receipt.tlog_proof.empty()) out["tlog_proof"] = receipt.tlog_proof;
  }
  return form.write(out);
}

std::string write_telemetry(const KeyId& device, const StatementPage& page, Format format) {
  const Form form(format);
  Json out{{"device", form.bytes(device)}};
  add_page(
      page, [&form](const StatementView& view) { return of_telemetry(form, view); }, out);
  return form.write(out);
}

std::string write_statements(const StatementPage& page, Format format) {
  const Form form(format);
  Json out;
  add_page(
      page, [&form](const StatementView& view) { return of_statement(form, view); }, out);
  return form.write(out);
}

std::string write_key(const KeyId& id, const KeyRecord& key, Format format) {
  const Form form(format);
  Json out{{"id", form.bytes(id)},
           {"role", to_string(key.role)},
           {"status", name_of(key.status)},
           {"algorithm", to_string(key.algorithm)},
           {"public_key", form.bytes(key.public_key())},
           {"registered_at", key.registered_at}};
  if (key.replaced_by) out["replaced_by"] = form.bytes(*key.replaced_by);
  if (key.last)
    out["last"] = Json{{"sequence", key.last->sequence}, {"id", form.bytes(key.last->id)}};
  return form.write(out);
}

std::string write_outcomes(std::span<const Outcome> outcomes, Format format) {
  return format == Format::json ? outcomes_as_json(outcomes) : outcomes_as_cbor(outcomes);
}

}  // namespace salus::node::api
