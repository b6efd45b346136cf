#include "node/statement/erasure.h"

#include "engine/cbor_writer.h"
#include "node/statement/payload_reader.h"

namespace salus::node {
namespace {

constexpr std::uint64_t kStatement = 1;

}  // namespace

std::vector<std::uint8_t> encode(const Erasure& erasure) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.map(1);
  writer.unsigned_integer(kStatement);
  writer.byte_string(erasure.statement);
  return out;
}

std::optional<Erasure> decode_erasure(Bytes payload) {
  PayloadReader reader(payload);
  Erasure out;
  out.statement = reader.digest(kStatement);
  if (!reader.finished()) return std::nullopt;
  return out;
}

}  // namespace salus::node
