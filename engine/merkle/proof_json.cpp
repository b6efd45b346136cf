// Proofs as JSON:
//
//   {"schema": "salus.merkle-proof/1", "type": "inclusion", "tree": "rfc9162", "size": 8,
//    "index": 5, "leaf": HEX, "root": HEX, "path": [HEX, ...]}
//   {"schema": "salus.merkle-proof/1", "type": "consistency", "tree": "rfc9162", "size": 8,
//    "old_size": 5, "old_root": HEX, "root": HEX, "path": [HEX, ...]}
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/merkle/proof.h"

namespace salus::merkle {
namespace {

// In the order in which they are written here, not in the alphabet's.
using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "salus.merkle-proof/1";
// A tree has fewer than 2^64 leaves.
constexpr std::size_t kMaxPath = 64;

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorKind::input, "no Merkle proof: " + why);
}

const char* name_of(TreeKind kind) { return kind == TreeKind::bitcoin ? "bitcoin" : "rfc9162"; }

Json path_json(TreeKind kind, const std::vector<Digest>& path) {
  Json out = Json::array();
  for (const Digest& digest : path) out.push_back(shown(kind, digest));
  return out;
}

Json json_of(const InclusionProof& proof) {
  return {{"schema", kSchema},
          {"type", "inclusion"},
          {"tree", name_of(proof.kind)},
          {"size", proof.size},
          {"index", proof.index},
          {"leaf", shown(proof.kind, proof.leaf)},
          {"root", shown(proof.kind, proof.root)},
          {"path", path_json(proof.kind, proof.path)}};
}

Json json_of(const ConsistencyProof& proof) {
  return {{"schema", kSchema},
          {"type", "consistency"},
          {"tree", name_of(TreeKind::rfc9162)},
          {"size", proof.size},
          {"old_size", proof.old_size},
          {"old_root", to_hex(proof.old_root)},
          {"root", to_hex(proof.root)},
          {"path", path_json(TreeKind::rfc9162, proof.path)}};
}

const Json& field(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) refuse(fmt::format("it has no \"{}\"", name));
  return *found;
}

std::string text_field(const Json& object, const char* name) {
  const Json& value = field(object, name);
  if (!value.is_string()) refuse(fmt::format("\"{}\" is no string", name));
  return value.get<std::string>();
}

std::uint64_t number_field(const Json& object, const char* name) {
  const Json& value = field(object, name);
  if (!value.is_number_unsigned()) refuse(fmt::format("\"{}\" is no whole number", name));
  return value.get<std::uint64_t>();
}

Digest digest_of(TreeKind kind, const Json& value, const char* name) {
  const std::optional<Digest> digest =
      value.is_string() ? from_shown(kind, value.get_ref<const std::string&>()) : std::nullopt;
  if (!digest) refuse(fmt::format("\"{}\" is not made of 64 hex digits", name));
  return *digest;
}

std::vector<Digest> path_of(TreeKind kind, const Json& object) {
  const Json& path = field(object, "path");
  if (!path.is_array() || path.size() > kMaxPath)
    refuse(fmt::format("\"path\" is no list of at most {} digests", kMaxPath));
  std::vector<Digest> out;
  for (const Json& element : path) out.push_back(digest_of(kind, element, "path"));
  return out;
}

TreeKind kind_of(const Json& object) {
  const std::string tree = text_field(object, "tree");
  for (const TreeKind kind : {TreeKind::rfc9162, TreeKind::bitcoin})
    if (tree == name_of(kind)) return kind;
  refuse("its tree is neither \"rfc9162\" nor \"bitcoin\"");
}

InclusionProof inclusion_of(const Json& object) {
  InclusionProof proof;
  proof.kind = kind_of(object);
  proof.index = number_field(object, "index");
  proof.size = number_field(object, "size");
  proof.leaf = digest_of(proof.kind, field(object, "leaf"), "leaf");
  proof.root = digest_of(proof.kind, field(object, "root"), "root");
  proof.path = path_of(proof.kind, object);
  return proof;
}

ConsistencyProof consistency_of(const Json& object) {
  const TreeKind kind = kind_of(object);
  if (kind != TreeKind::rfc9162) refuse("only an RFC 9162 tree has earlier ones");
  ConsistencyProof proof;
  proof.old_size = number_field(object, "old_size");
  proof.size = number_field(object, "size");
  proof.old_root = digest_of(kind, field(object, "old_root"), "old_root");
  proof.root = digest_of(kind, field(object, "root"), "root");
  proof.path = path_of(kind, object);
  return proof;
}

}  // namespace

std::string to_json(const Proof& proof) {
  return std::visit([](const auto& p) { return json_of(p); }, proof).dump(2);
}

Proof proof_from_json(std::string_view text) {
  if (text.size() > kMaxProofText) refuse(fmt::format("longer than {} bytes", kMaxProofText));
  const Json object = Json::parse(text, nullptr, false);
  if (!object.is_object()) refuse("it is no JSON object");
  if (text_field(object, "schema") != kSchema) refuse(fmt::format("its schema is not {}", kSchema));
  const std::string type = text_field(object, "type");
  if (type == "inclusion") return inclusion_of(object);
  if (type == "consistency") return consistency_of(object);
  refuse("its type is neither \"inclusion\" nor \"consistency\"");
}

}  // namespace salus::merkle
