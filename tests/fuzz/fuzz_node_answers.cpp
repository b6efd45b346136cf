// Any bytes as what a node answers to those that send: outcomes of statements in CBOR, notices of
// refusals in JSON, and packets of MQTT, each of which is read from exactly the bytes that it has.

#include "cli/client/mqtt_packets.h"
#include "cli/simulate/outcome_reader.h"
#include "tests/fuzz/require.h"

namespace {

using namespace salus;
using namespace salus::cli;
using client::ReadState;

constexpr std::size_t kMaxPacket = 1024;

using salus::fuzz::require;

/// Whether the part, where it is not empty, lies within the whole.
bool lies_within(Bytes part, Bytes whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

/// Takes packets off the front; at the end, or at what is none, that stays.
void read_packets(Bytes bytes) {
  for (;;) {
    const client::ReadResult read = client::read_server_packet(bytes, kMaxPacket);
    if (read.state != ReadState::whole) return;
    const std::size_t size = read.packet.size;
    require(size >= 2 && size <= bytes.size());
    const Bytes packet = bytes.first(size);
    require(lies_within(read.packet.payload, packet));
    require(lies_within(as_bytes(read.packet.topic), packet));
    require(client::read_server_packet(packet, kMaxPacket).state == ReadState::whole);
    const auto cut = client::read_server_packet(bytes.first(size - 1), kMaxPacket);
    require(cut.state != ReadState::whole);
    bytes = bytes.subspan(size);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  if (const auto outcomes = simulate::read_outcomes(bytes)) require(outcomes->size() < size);
  (void)simulate::read_refused_notice(bytes);
  read_packets(bytes);
  return 0;
}
