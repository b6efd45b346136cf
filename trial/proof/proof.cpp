#include "trial/proof/proof.h"

#include <algorithm>
#include <charconv>

#include "engine/base64.h"
#include "engine/cbor_writer.h"
#include "engine/error.h"
#include "node/chain/merkle_path.h"
#include "trial/proof/shape_cursor.h"
#include "trial/proof/text_lines.h"

namespace salus::trial {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1\n";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

// Labels of the context.
constexpr std::uint64_t kLine = 1;
constexpr std::uint64_t kRecord = 2;
constexpr std::uint64_t kStatement = 3;
constexpr std::uint64_t kAnchor = 4;

/// What a proof may have at most in one record.
constexpr std::uint64_t kMaxCells = std::uint64_t{1} << 20;

[[noreturn]] void refuse(const char* reason) {
  throw Error(ErrorKind::input, std::string("not a proof: ") + reason);
}

std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Text where it is UTF-8, bytes where not: as records are committed to.
void write_text(CborWriter& writer, std::string_view text) {
  if (is_utf8(text))
    writer.text_string(text);
  else
    writer.byte_string(as_bytes(text));
}

std::string read_text(ShapeCursor& form) {
  if (form.peek().major == CborMajor::text_string) {
    const std::string_view text = form.text_string();
    form.require(is_utf8(text));
    return std::string(text);
  }
  const std::string_view bytes = as_text(form.byte_string());
  form.require(!is_utf8(bytes));
  return std::string(bytes);
}

void write_record(CborWriter& writer, const RecordProof& record) {
  writer.array(4);
  writer.unsigned_integer(record.index);
  node::write_path(writer, record.path);
  writer.byte_string(record.salt);
  writer.array(record.cells.size());
  for (const auto& cell : record.cells) {
    if (const auto* digest = std::get_if<Digest>(&cell)) {
      writer.byte_string(*digest);
      continue;
    }
    const auto& shown = std::get<ShownCell>(cell);
    writer.array(3);
    writer.byte_string(shown.salt);
    write_text(writer, shown.name);
    write_text(writer, shown.value);
  }
}

ShownCell read_shown(ShapeCursor& form) {
  ShownCell cell;
  form.require_array(3);
  form.read_into(cell.salt);
  cell.name = read_text(form);
  cell.value = read_text(form);
  return cell;
}

RecordProof read_record(ShapeCursor& form) {
  RecordProof record;
  form.require_array(4);
  record.index = form.unsigned_integer();
  record.path = node::read_path(form);
  form.read_into(record.salt);
  const std::uint64_t cells = form.array();
  form.require(cells <= kMaxCells);
  for (std::uint64_t i = 0; i < cells && !form.failed(); ++i) {
    if (form.peek().major == CborMajor::array)
      record.cells.emplace_back(read_shown(form));
    else
      record.cells.emplace_back(node::read_digest(form));
  }
  return record;
}

std::vector<std::uint8_t> write_context(const Proof& proof) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.map(1 + std::uint64_t{proof.record.has_value()} + std::uint64_t{!proof.statement.empty()} +
             std::uint64_t{!proof.anchor.empty()});
  writer.unsigned_integer(kLine);
  writer.byte_string(as_bytes(proof.line));
  if (proof.record) {
    writer.unsigned_integer(kRecord);
    write_record(writer, *proof.record);
  }
  if (!proof.statement.empty()) {
    writer.unsigned_integer(kStatement);
    writer.byte_string(proof.statement);
  }
  if (!proof.anchor.empty()) {
    writer.unsigned_integer(kAnchor);
    writer.byte_string(proof.anchor);
  }
  return out;
}

/// The bytes below `label` where the next pair has it; nothing where it has another or there is
/// none.
std::vector<std::uint8_t> read_optional(ShapeCursor& form, std::uint64_t label,
                                        std::uint64_t& pairs) {
  if (pairs == 0 || form.peek().argument != label) return {};
  --pairs;
  form.require_number(label);
  const Bytes bytes = form.byte_string();
  form.require(!bytes.empty());
  return {bytes.begin(), bytes.end()};
}

void read_context(Bytes context, Proof& out) {
  ShapeCursor form(context);
  std::uint64_t pairs = form.map();
  form.require(pairs > 0);
  form.require_number(kLine);
  out.line = as_text(form.byte_string());
  --pairs;
  if (pairs != 0 && form.peek().argument == kRecord) {
    --pairs;
    form.require_number(kRecord);
    out.record = read_record(form);
  }
  out.statement = read_optional(form, kStatement, pairs);
  out.anchor = read_optional(form, kAnchor, pairs);
  if (pairs != 0 || !form.finished()) refuse("what it says of its line is malformed");
}

/// The text up to the next newline, which must be there; it is taken off.
std::string_view take_line(std::string_view& text) {
  const auto line = next_line(text);
  if (!line) refuse("a line has no end");
  return *line;
}

std::string_view take_line(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) refuse("a line does not begin as it must");
  return take_line(text).substr(prefix.size());
}

std::uint64_t read_index(std::string_view text) {
  std::uint64_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc() || std::to_string(index) != text) refuse("its index is no number");
  return index;
}

Digest read_hash(std::string_view line) {
  const auto digest = digest_from_base64(line);
  if (!digest) refuse("its path is not of 32 bytes in base64");
  return *digest;
}

ReadProof read_tlog_proof(std::string_view text) {
  ReadProof out;
  text.remove_prefix(kFirstLine.size());
  const auto context = from_base64(take_line(text, kExtra));
  if (!context) refuse("its extra data is not in base64");
  read_context(*context, out.proof);
  out.proof.index = read_index(take_line(text, kIndex));
  for (std::string_view line = take_line(text); !line.empty(); line = take_line(text)) {
    if (out.proof.path.size() == node::kMaxPath) refuse("its path is too long");
    out.proof.path.push_back(read_hash(line));
  }
  out.head = read_checkpoint(text);
  return out;
}

ReadProof read_cose_proof(Bytes bytes) {
  auto receipt = read_inclusion_receipt(bytes);
  if (!receipt) refuse("neither a tlog-proof nor a receipt of this kind");
  ReadProof out;
  read_context(receipt->context, out.proof);
  out.proof.index = receipt->index;
  out.proof.path = receipt->path;
  out.head = std::move(*receipt);
  return out;
}

}  // namespace

Digest record_leaf(const RecordProof& record) {
  std::vector<Digest> digests;
  digests.reserve(record.cells.size());
  for (const auto& cell : record.cells) {
    const auto* shown = std::get_if<ShownCell>(&cell);
    digests.push_back(shown != nullptr ? cell_digest(shown->salt, {shown->name, shown->value})
                                       : std::get<Digest>(cell));
  }
  return merkle::leaf_hash(merkle::TreeKind::rfc9162,
                           record_entry(record.salt, record.index, digests));
}

std::string write_tlog_proof(const Proof& proof, std::string_view checkpoint) {
  std::string out(kFirstLine);
  out.append(kExtra).append(to_base64(write_context(proof))).append("\n");
  out.append(kIndex).append(std::to_string(proof.index)).append("\n");
  for (const Digest& digest : proof.path) out.append(to_base64(digest)).append("\n");
  return out.append("\n").append(checkpoint);
}

std::vector<std::uint8_t> write_cose_proof(const Proof& proof, const SignedTreeHead& head) {
  return make_inclusion_receipt(head, proof.index, proof.path, write_context(proof));
}

ReadProof read_proof(Bytes bytes) {
  if (bytes.size() > kMaxProofBytes) refuse("it is too long");
  if (as_text(bytes).starts_with(kFirstLine)) return read_tlog_proof(as_text(bytes));
  return read_cose_proof(bytes);
}

}  // namespace salus::trial
