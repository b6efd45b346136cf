#include "engine/bitcoin/block.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/error.h"

namespace salus::bitcoin {
namespace {

constexpr std::size_t kVersionSize = 4;
constexpr std::size_t kLockTimeSize = 4;
constexpr std::size_t kOutpointSize = 36;
constexpr std::size_t kSequenceSize = 4;
constexpr std::size_t kValueSize = 8;
constexpr std::size_t kLeastInput = kOutpointSize + 1 + kSequenceSize;
constexpr std::size_t kLeastOutput = kValueSize + 1;
static_assert(kLeastTransactionSize ==
              kVersionSize + 1 + kLeastInput + 1 + kLeastOutput + kLockTimeSize);

// BIP 144: an input count of zero, which no transaction has, says that a flag byte follows.
constexpr std::uint8_t kWitnessMarker = 0;
constexpr std::uint8_t kWitnessFlag = 1;

/// A coinbase spends "output 2^32 - 1 of transaction 0".
bool spends_nothing(Bytes outpoint) {
  const auto is = [](std::uint8_t wanted) { return [=](std::uint8_t b) { return b == wanted; }; };
  return std::ranges::all_of(outpoint.first(32), is(0)) &&
         std::ranges::all_of(outpoint.subspan(32), is(0xff));
}

/// Takes count and inputs; whether the first of them spends nothing.
struct Inputs {
  std::uint64_t count;
  bool first_spends_nothing;
};

Inputs read_inputs(ByteReader& reader) {
  Inputs inputs{reader.count(kLeastInput, "input count"), false};
  if (inputs.count == 0) throw Error(ErrorKind::input, "no inputs");
  for (std::uint64_t i = 0; i < inputs.count; ++i) {
    const Bytes outpoint = reader.take(kOutpointSize, "outpoint");
    if (i == 0) inputs.first_spends_nothing = spends_nothing(outpoint);
    reader.sized("input script");
    reader.take(kSequenceSize, "sequence");
  }
  return inputs;
}

void read_outputs(ByteReader& reader) {
  const std::uint64_t count = reader.count(kLeastOutput, "output count");
  if (count == 0) throw Error(ErrorKind::input, "no outputs");
  for (std::uint64_t i = 0; i < count; ++i) {
    reader.take(kValueSize, "value");
    reader.sized("output script");
  }
}

/// One stack of items for each input. All of them empty is a second serialisation of a transaction
/// without witnesses, which Bitcoin refuses.
void read_witnesses(ByteReader& reader, std::uint64_t inputs) {
  bool any = false;
  for (std::uint64_t i = 0; i < inputs; ++i) {
    const std::uint64_t items = reader.count(1, "witness item count");
    for (std::uint64_t item = 0; item < items; ++item) reader.sized("witness item");
    any = any || items != 0;
  }
  if (!any) throw Error(ErrorKind::input, "witness flag without a witness");
}

/// Takes marker and flag where they are.
bool read_witness_flag(ByteReader& reader) {
  ByteReader ahead = reader;
  if (ahead.byte("input count") != kWitnessMarker) return false;
  reader.byte("input count");
  const std::uint8_t flag = reader.byte("witness flag");
  if (flag != kWitnessFlag)
    throw Error(ErrorKind::input, fmt::format("no inputs, or an unknown flag {:#04x}", flag));
  return true;
}

}  // namespace

void Transaction::append_stripped(std::vector<std::uint8_t>& out) const {
  const auto append = [&](Bytes part) { out.insert(out.end(), part.begin(), part.end()); };
  if (!has_witness) return append(bytes);
  append(bytes.first(kVersionSize));
  append(body);
  append(bytes.last(kLockTimeSize));
}

Transaction read_transaction(ByteReader& reader) {
  Transaction out;
  const std::size_t begin = reader.position();
  reader.take(kVersionSize, "version");
  out.has_witness = read_witness_flag(reader);
  const std::size_t body = reader.position();
  const Inputs inputs = read_inputs(reader);
  read_outputs(reader);
  out.body = reader.since(body);
  if (out.has_witness) read_witnesses(reader, inputs.count);
  reader.take(kLockTimeSize, "lock time");
  out.bytes = reader.since(begin);
  out.is_coinbase = inputs.count == 1 && inputs.first_spends_nothing;
  return out;
}

Block read_block(Bytes bytes) {
  ByteReader reader(bytes);
  Block block;
  block.header =
      pow::parse_header(reader.take(pow::kHeaderSize, "block header").first<pow::kHeaderSize>());
  const std::uint64_t count = reader.count(kLeastTransactionSize, "transaction count");
  if (count == 0) throw Error(ErrorKind::input, "no transactions");
  for (std::uint64_t i = 0; i < count; ++i) {
    try {
      block.transactions.push_back(read_transaction(reader));
    } catch (const Error& error) {
      throw Error(error.kind(), fmt::format("transaction {}: {}", i, error.what()));
    }
  }
  block.size = reader.position();
  return block;
}

}  // namespace salus::bitcoin
