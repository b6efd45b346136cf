#include "cli/payload_text.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "node/statement/data_seal.h"
#include "node/statement/erasure.h"
#include "node/statement/key_registration.h"
#include "node/statement/key_revocation.h"
#include "node/statement/key_rotation.h"
#include "node/statement/validator.h"

namespace salus::cli {
namespace {

using node::ContentType;

std::string line(std::string_view name, std::string_view value) {
  return value.empty() ? std::string() : fmt::format("  {:<10} {}\n", name, value);
}

std::string key_text(const node::PublicKey& key) {
  return fmt::format("{} ({})", to_hex(node::key_id(key)),
                     engine::signature::to_string(key.algorithm));
}

std::string text_of(const node::KeyRegistration& registration) {
  return line("registers", key_text(registration.key)) + line("as", to_string(registration.role)) +
         line("name", registration.name);
}

std::string text_of(const node::KeyRotation& rotation) {
  return line("replaces", to_hex(rotation.old_key)) + line("by", key_text(rotation.new_key));
}

std::string text_of(const node::KeyRevocation& revocation) {
  return line("revokes", to_hex(revocation.key)) + line("reason", to_string(revocation.reason));
}

std::string text_of(const node::DataSeal& seal) {
  return line("seals", seal.name) + line("entries", std::to_string(seal.tree_size)) +
         line("tree head", to_hex(seal.root)) + line("of type", seal.media_type) +
         line("note", seal.note);
}

std::string text_of(const node::Erasure& erasure) {
  return line("erases", to_hex(erasure.statement));
}

std::string text_of(const node::ValidatorStatement& statement) {
  return line("chain", to_hex_reversed(statement.chain)) +
         line("height", std::to_string(statement.height)) +
         line("previous", to_hex_reversed(statement.previous)) +
         line("time", std::to_string(statement.time)) +
         line("tree head", to_hex(statement.tree_head));
}

template <typename Decoded>
std::string text_or_nothing(const std::optional<Decoded>& decoded) {
  return decoded ? text_of(*decoded) : std::string();
}

}  // namespace

std::string own_payload_text(ContentType type, Bytes payload) {
  switch (type) {
    case ContentType::key_registration:
      return text_or_nothing(node::decode_key_registration(payload));
    case ContentType::key_rotation: return text_or_nothing(node::decode_key_rotation(payload));
    case ContentType::key_revocation: return text_or_nothing(node::decode_key_revocation(payload));
    case ContentType::data_seal: return text_or_nothing(node::decode_data_seal(payload));
    case ContentType::erasure: return text_or_nothing(node::decode_erasure(payload));
    case ContentType::validator: return text_or_nothing(node::decode_validator(payload));
    case ContentType::senml_cbor:
    case ContentType::senml_json:
    case ContentType::fhir_json: break;
  }
  return {};
}

}  // namespace salus::cli
