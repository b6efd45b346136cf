#include "cli/own_payload.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "cli/arguments.h"
#include "cli/key_files.h"
#include "cli/output.h"
#include "cli/strict_number.h"
#include "engine/error.h"
#include "node/statement/data_seal.h"
#include "node/statement/erasure.h"
#include "node/statement/key_registration.h"
#include "node/statement/key_revocation.h"
#include "node/statement/key_rotation.h"
#include "node/statement/plain_text.h"

namespace salus::cli {
namespace {

using node::ContentType;
using node::RevocationReason;

struct MadeType {
  const char* name;
  ContentType type;
};

constexpr std::array kMadeTypes = {
    MadeType{"register", ContentType::key_registration},
    MadeType{"rotate", ContentType::key_rotation},
    MadeType{"revoke", ContentType::key_revocation},
    MadeType{"seal", ContentType::data_seal},
    MadeType{"erase", ContentType::erasure},
};

constexpr std::array kReasons = {
    RevocationReason::unspecified,
    RevocationReason::key_compromise,
    RevocationReason::affiliation_changed,
    RevocationReason::superseded,
    RevocationReason::cessation_of_operation,
    RevocationReason::privilege_withdrawn,
};

/// An option with the types that take it.
struct OptionUse {
  const char* name;
  std::string OwnPayloadOptions::*value;
  std::initializer_list<ContentType> types;
};

std::span<const OptionUse> option_uses() {
  using enum ContentType;
  static const std::array kUses = {
      OptionUse{"--public-key", &OwnPayloadOptions::public_key, {key_registration, key_rotation}},
      OptionUse{"--role", &OwnPayloadOptions::role, {key_registration}},
      OptionUse{"--name", &OwnPayloadOptions::name, {key_registration, data_seal}},
      OptionUse{"--key-id", &OwnPayloadOptions::key_id, {key_rotation, key_revocation}},
      OptionUse{"--reason", &OwnPayloadOptions::reason, {key_revocation}},
      OptionUse{"--size", &OwnPayloadOptions::size, {data_seal}},
      OptionUse{"--root", &OwnPayloadOptions::root, {data_seal}},
      OptionUse{"--media-type", &OwnPayloadOptions::media_type, {data_seal}},
      OptionUse{"--note", &OwnPayloadOptions::note, {data_seal}},
      OptionUse{"--statement", &OwnPayloadOptions::statement, {erasure}},
  };
  return kUses;
}

const char* name_of(ContentType type) {
  return std::ranges::find(kMadeTypes, type, &MadeType::type)->name;
}

[[noreturn]] void refuse(const std::string& problem) { throw Error(ErrorKind::usage, problem); }

void refuse_strange_options(const OwnPayloadOptions& options, ContentType type) {
  for (const OptionUse& use : option_uses())
    if (!(options.*use.value).empty() && std::ranges::find(use.types, type) == use.types.end())
      refuse(fmt::format("{} is not for --type {}", use.name, name_of(type)));
}

const std::string& required(const std::string& value, const char* option, ContentType type) {
  if (value.empty()) refuse(fmt::format("--type {} needs {}", name_of(type), option));
  return value;
}

void require_text(const std::string& text, const char* option, std::size_t max_bytes) {
  if (!text.empty() && !node::is_plain_text(text, max_bytes))
    refuse(
        fmt::format("{}: at most {} bytes of UTF-8 without control characters", option, max_bytes));
}

node::PublicKey public_key_of(const OwnPayloadOptions& options, ContentType type) {
  // A private key's file gives its public part, too; but an encrypted one is not asked for.
  return public_key_of_file(required(options.public_key, "--public-key FILE", type), {});
}

node::KeyId key_id_of(const std::string& text) {
  const auto bytes = from_hex(text);
  node::KeyId id;
  if (!bytes || bytes->size() != id.size())
    refuse(fmt::format("--key-id: '{}' is no key id: 32 hex digits, as `salus key id` prints it",
                       printable(text)));
  std::ranges::copy(*bytes, id.begin());
  return id;
}

std::vector<std::uint8_t> registration(const OwnPayloadOptions& options) {
  node::KeyRegistration made;
  made.key = public_key_of(options, ContentType::key_registration);
  if (!options.role.empty()) {
    const auto role = node::role_from_name(options.role);
    if (!role)
      refuse(fmt::format("--role: '{}' is none of device, validator, authority",
                         printable(options.role)));
    made.role = *role;
  }
  require_text(options.name, "--name", node::kMaxKeyNameBytes);
  made.name = options.name;
  return encode(made);
}

std::vector<std::uint8_t> rotation(const OwnPayloadOptions& options,
                                   const node::SigningKey& signer) {
  node::KeyRotation made;
  made.old_key = options.key_id.empty() ? signer.id() : key_id_of(options.key_id);
  made.new_key = public_key_of(options, ContentType::key_rotation);
  if (node::key_id(made.new_key) == made.old_key)
    refuse("--public-key: that is the old key itself");
  return encode(made);
}

std::string reason_names() {
  std::string names;
  for (const RevocationReason reason : kReasons)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", to_string(reason));
  return names;
}

std::vector<std::uint8_t> revocation(const OwnPayloadOptions& options) {
  node::KeyRevocation made;
  made.key = key_id_of(required(options.key_id, "--key-id ID", ContentType::key_revocation));
  if (!options.reason.empty()) {
    const auto found = std::ranges::find_if(
        kReasons, [&](RevocationReason reason) { return to_string(reason) == options.reason; });
    if (found == kReasons.end())
      refuse(
          fmt::format("--reason: '{}' is none of {}", printable(options.reason), reason_names()));
    made.reason = *found;
  }
  return encode(made);
}

std::vector<std::uint8_t> seal(const OwnPayloadOptions& options) {
  constexpr ContentType kType = ContentType::data_seal;
  node::DataSeal made;
  made.name = required(options.name, "--name TEXT", kType);
  made.tree_size =
      strict_number<std::uint64_t>(required(options.size, "--size N", kType), "--size");
  if (made.tree_size == 0) refuse("--size: a set has an entry at least");
  const auto root = digest_from_hex(required(options.root, "--root HEX", kType));
  if (!root)
    refuse(
        fmt::format("--root: '{}' is no tree head: 64 hex digits, as `salus merkle root` prints "
                    "it",
                    printable(options.root)));
  made.root = *root;
  made.media_type = options.media_type;
  made.note = options.note;
  require_text(made.name, "--name", node::kMaxSealNameBytes);
  require_text(made.media_type, "--media-type", node::kMaxSealMediaTypeBytes);
  require_text(made.note, "--note", node::kMaxSealNoteBytes);
  return encode(made);
}

}  // namespace

std::optional<ContentType> made_type(std::string_view name) {
  const auto* const found = std::ranges::find(kMadeTypes, name, &MadeType::name);
  if (found == kMadeTypes.end()) return std::nullopt;
  return found->type;
}

std::string made_types() {
  std::string names;
  for (const MadeType& made : kMadeTypes)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", made.name);
  return names;
}

void add_own_payload_options(CLI::App& command, OwnPayloadOptions& options) {
  const auto add = [&command](const char* name, std::string& value, const char* text,
                              const char* kind) {
    command.add_option(name, value, text)->type_name(kind)->group("Statements without a FILE");
  };
  add("--public-key", options.public_key, "register: the key; rotate: the new key", "FILE");
  add("--role", options.role, "register: device (default), validator or authority", "ROLE");
  add("--name", options.name, "register: what people call the key; seal: what is sealed", "TEXT");
  add("--key-id", options.key_id,
      "rotate: the old key (default: the signer itself); revoke: the key that ends", "ID");
  add("--reason", options.reason, "revoke: why, as RFC 5280 names it (default: unspecified)",
      "REASON");
  add("--size", options.size, "seal: entries in the tree", "N");
  add("--root", options.root, "seal: the tree head, as `salus merkle root` prints it", "HEX");
  add("--media-type", options.media_type, "seal: of the entries", "TEXT");
  add("--note", options.note, "seal: for people", "TEXT");
  add("--statement", options.statement, "erase: the statement whose body is to be deleted", "ID");
}

std::vector<std::uint8_t> make_payload(ContentType type, const OwnPayloadOptions& options,
                                       const node::SigningKey& signer) {
  refuse_strange_options(options, type);
  switch (type) {
    case ContentType::key_registration: return registration(options);
    case ContentType::key_rotation: return rotation(options, signer);
    case ContentType::key_revocation: return revocation(options);
    case ContentType::data_seal: return seal(options);
    case ContentType::erasure:
      return encode(node::Erasure{
          parse_statement_id(required(options.statement, "--statement ID", type), "--statement")});
    default: break;
  }
  throw Error(ErrorKind::usage, "nothing can be made of this type");
}

void refuse_own_payload_options(const OwnPayloadOptions& options, const std::string& type) {
  for (const OptionUse& use : option_uses())
    if (!(options.*use.value).empty())
      refuse(fmt::format("{} is not for --type {}: FILE holds its payload", use.name,
                         printable(type)));
}

Digest parse_statement_id(const std::string& text, const std::string& option) {
  const auto id = digest_from_hex(text);
  if (!id)
    refuse(fmt::format("{}: '{}' is no id of a statement: 64 hex digits, as `salus sign` prints it",
                       option, printable(text)));
  return *id;
}

}  // namespace salus::cli
