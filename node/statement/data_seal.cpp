#include "node/statement/data_seal.h"

#include "engine/cbor_writer.h"
#include "node/statement/payload_reader.h"

namespace salus::node {
namespace {

constexpr std::uint64_t kName = 1;
constexpr std::uint64_t kTreeSize = 2;
constexpr std::uint64_t kRoot = 3;
constexpr std::uint64_t kMediaType = 4;
constexpr std::uint64_t kNote = 5;

void write_optional(CborWriter& writer, std::uint64_t label, const std::string& text) {
  if (text.empty()) return;
  writer.unsigned_integer(label);
  writer.text_string(text);
}

}  // namespace

std::vector<std::uint8_t> encode(const DataSeal& seal) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.map(3 + (seal.media_type.empty() ? 0 : 1) + (seal.note.empty() ? 0 : 1));
  writer.unsigned_integer(kName);
  writer.text_string(seal.name);
  writer.unsigned_integer(kTreeSize);
  writer.unsigned_integer(seal.tree_size);
  writer.unsigned_integer(kRoot);
  writer.byte_string(seal.root);
  write_optional(writer, kMediaType, seal.media_type);
  write_optional(writer, kNote, seal.note);
  return out;
}

std::optional<DataSeal> decode_data_seal(Bytes payload) {
  PayloadReader reader(payload);
  DataSeal out;
  out.name = reader.text(kName, kMaxSealNameBytes);
  out.tree_size = reader.number(kTreeSize);
  out.root = reader.digest(kRoot);
  out.media_type = reader.optional_text(kMediaType, kMaxSealMediaTypeBytes);
  out.note = reader.optional_text(kNote, kMaxSealNoteBytes);
  if (out.tree_size == 0 || !reader.finished()) return std::nullopt;
  return out;
}

}  // namespace salus::node
