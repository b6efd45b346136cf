#include "node/statement/cose_sign1.h"

#include <array>

#include "engine/cbor_writer.h"
#include "node/statement/labels.h"

namespace salus::node {
namespace {

constexpr std::uint8_t kEmptyMap = 0xa0;

/// [ "Signature1", ...: an array of four and a text of ten characters.
constexpr std::array<std::uint8_t, 12> kStart = {0x84, 0x6a, 'S', 'i', 'g', 'n',
                                                 'a',  't',  'u', 'r', 'e', '1'};

Bytes signed_header(Bytes header) {
  return header.size() == 1 && header[0] == kEmptyMap ? Bytes{} : header;
}

std::size_t byte_string_size(std::size_t bytes) {
  const std::size_t head = bytes < 24 ? 1 : bytes <= 0xff ? 2 : bytes <= 0xffff ? 3 : 5;
  return head + bytes;
}

}  // namespace

std::optional<CoseSign1> parse_cose_sign1(Bytes message, CborForm form) {
  CoseSign1 out;
  CborCursor cursor(message, form);
  if (cursor.peek().major == CborMajor::tag) {
    if (cursor.tag() != labels::kCoseSign1Tag) return std::nullopt;
    out.tagged = true;
  }
  if (cursor.array() != labels::kCoseSign1Items) return std::nullopt;
  out.protected_header = cursor.byte_string();
  if (cursor.peek().major != CborMajor::map) return std::nullopt;
  out.unprotected_header = cursor.item();
  const CborHead payload = cursor.peek();
  if (payload.major == CborMajor::simple && payload.argument == kCborNull && payload.width == 0)
    cursor.head();
  else
    out.payload = cursor.byte_string();
  out.signature = cursor.byte_string();
  if (!cursor.finished()) return std::nullopt;
  return out;
}

void append_signature1(Bytes protected_header, Bytes external, Bytes payload,
                       std::vector<std::uint8_t>& out) {
  CborWriter writer(out);
  writer.encoded(kStart);
  writer.byte_string(signed_header(protected_header));
  writer.byte_string(external);
  writer.byte_string(payload);
}

std::size_t signature1_size(Bytes protected_header, Bytes external, Bytes payload) {
  return kStart.size() + byte_string_size(signed_header(protected_header).size()) +
         byte_string_size(external.size()) + byte_string_size(payload.size());
}

}  // namespace salus::node
