#include "node/statement/payload_reader.h"

#include <algorithm>

#include "engine/error.h"
#include "engine/signature/cose_key.h"
#include "node/statement/plain_text.h"

namespace salus::node {

bool PayloadReader::is_next(std::uint64_t label) const {
  const CborHead next = cursor_.peek();
  return pairs_left_ > 0 && next.major == CborMajor::unsigned_integer && next.argument == label;
}

void PayloadReader::require(std::uint64_t label) {
  if (!is_next(label)) return fail();
  cursor_.head();
  --pairs_left_;
}

std::uint64_t PayloadReader::number(std::uint64_t label) {
  require(label);
  return cursor_.unsigned_integer();
}

Digest PayloadReader::digest(std::uint64_t label) {
  require(label);
  Digest out{};
  const Bytes bytes = cursor_.byte_string();
  if (bytes.size() != out.size()) return fail(), out;
  std::ranges::copy(bytes, out.begin());
  return out;
}

KeyId PayloadReader::key_id(std::uint64_t label) {
  require(label);
  KeyId out{};
  const Bytes bytes = cursor_.byte_string();
  if (bytes.size() != out.size()) return fail(), out;
  std::ranges::copy(bytes, out.begin());
  return out;
}

PublicKey PayloadReader::key(std::uint64_t label) {
  require(label);
  const Bytes encoded = cursor_.item();
  if (cursor_.failed()) return {};
  try {
    PublicKey key = engine::signature::parse_cose_key(encoded);
    if (!std::ranges::equal(encoded, engine::signature::encode_cose_key(key))) fail();
    return key;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) throw;
    fail();
    return {};
  }
}

std::string PayloadReader::text(std::uint64_t label, std::size_t max_bytes) {
  require(label);
  const std::string_view text = cursor_.text_string();
  if (!is_plain_text(text, max_bytes)) return fail(), std::string();
  return std::string(text);
}

std::string PayloadReader::optional_text(std::uint64_t label, std::size_t max_bytes) {
  return is_next(label) ? text(label, max_bytes) : std::string();
}

}  // namespace salus::node
