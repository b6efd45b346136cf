// Any bytes as a block of the ledger: what is read is encoded as it was, and goes through all rules
// but that of work on a real state.
#include <string_view>

#include "node/chain/genesis.h"
#include "node/chain/header_rules.h"
#include "node/chain/validator.h"
#include "node/state/state.h"
#include "tests/fuzz/require.h"

namespace {

using namespace salus;
using namespace salus::node;

// The chain that the blocks of the corpus are on.
constexpr std::string_view kGenesis = R"toml(
name = "made up"
time = 2023-11-14T22:13:20Z

max_ahead = 120

[work]
limit_bits = "207fffff"
spacing = 60
half_life = 17280

[limits]
block_bytes = 67108864
statement_bytes = 65536
statements = 1048576

[diversity]
window = 10
limit = 6

[[authority]]
name = "authority"
key = """
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAECM1meZ4Vdc9Cl4kemN+Md8smiZeUIEfmLd04qgNBb8=
-----END PUBLIC KEY-----
"""

[[device]]
name = ""
key = """
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE66sJB8zh323G4CIRZrh3Eb3flh+b
E/36TxP7ROXYoKeRU/tooBLo6uK3nGo+d5wv4pvh1y4wTIvXKZ86x9rULA==
-----END PUBLIC KEY-----
"""

[[device]]
name = ""
key = """
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAq8Qfps1vZqx+GMZyNHf9w7WgaRvkPySYhuA/R4zytQQ=
-----END PUBLIC KEY-----
"""

[[validator]]
name = "validator"
key = """
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAhaNWsSZUIJ/5715M/FIetr2xrt3ntIhZ0WWE67w8oyE=
-----END PUBLIC KEY-----
"""
)toml";

using salus::fuzz::require;

struct Ledger {
  Ledger() { state.write(genesis.state()); }

  Genesis genesis = Genesis::from_toml(kGenesis);
  engine::Engine engine{{.devices = "cpu", .cpu = {1, "", "portable"}, .key_cache_bytes = 0}};
  BlockValidator validator{engine, genesis, 1};
  State state;
};

void check_block(Ledger& ledger, BlockView block) {
  require(encode_block(block.header, block.statements) ==
          std::vector<std::uint8_t>(block.encoded.begin(), block.encoded.end()));
  (void)check_header_alone(block.header, pow::header_id(block.header),
                           ledger.genesis.parameters().asert().limit);
  // Any statements are looked at, as if somebody had worked on them.
  block.header.merkle_root = ledger.engine.merkle_root(
      engine::TreeKind::rfc9162, engine::MessageView::scattered(block.statements));
  require(ledger.validator.check_content(block));
  const auto checked =
      ledger.validator.check_statements(block, {1, ledger.genesis.id()}, ledger.state);
  if (const auto* fault = std::get_if<BlockFault>(&checked)) {
    require(fault->statement && *fault->statement < block.statements.size());
    return;
  }
  const Digest before = ledger.state.digest();
  const auto& valid = std::get<ValidBlock>(checked);
  ledger.state.write(valid.writes);
  require(ledger.state.digest() != before);
  ledger.state.write(valid.undo);
  require(ledger.state.digest() == before);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Ledger ledger;
  const auto parsed = parse_block({data, size}, ledger.genesis.parameters().limits);
  if (const auto* block = std::get_if<BlockView>(&parsed)) check_block(ledger, *block);
  return 0;
}
