#include "node/statement/validator.h"

#include <limits>

#include "engine/cbor_writer.h"
#include "node/statement/payload_reader.h"

namespace salus::node {
namespace {

constexpr std::uint64_t kChain = 1;
constexpr std::uint64_t kHeight = 2;
constexpr std::uint64_t kPrevious = 3;
constexpr std::uint64_t kTime = 4;
constexpr std::uint64_t kTreeHead = 5;

}  // namespace

std::vector<std::uint8_t> encode(const ValidatorStatement& statement) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.map(5);
  writer.unsigned_integer(kChain);
  writer.byte_string(statement.chain);
  writer.unsigned_integer(kHeight);
  writer.unsigned_integer(statement.height);
  writer.unsigned_integer(kPrevious);
  writer.byte_string(statement.previous);
  writer.unsigned_integer(kTime);
  writer.unsigned_integer(statement.time);
  writer.unsigned_integer(kTreeHead);
  writer.byte_string(statement.tree_head);
  return out;
}

std::optional<ValidatorStatement> decode_validator(Bytes payload) {
  PayloadReader reader(payload);
  ValidatorStatement out;
  out.chain = reader.digest(kChain);
  out.height = reader.number(kHeight);
  out.previous = reader.digest(kPrevious);
  const std::uint64_t time = reader.number(kTime);
  out.tree_head = reader.digest(kTreeHead);
  if (time > std::numeric_limits<std::uint32_t>::max() || !reader.finished()) return std::nullopt;
  out.time = static_cast<std::uint32_t>(time);
  return out;
}

}  // namespace salus::node
