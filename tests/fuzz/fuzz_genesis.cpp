// Any text as a genesis file: what is taken can be written and taken again, and is the same chain.
#include <cstdlib>
#include <string_view>

#include "engine/error.h"
#include "node/chain/genesis.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace salus;
  try {
    const auto genesis = node::Genesis::from_toml({reinterpret_cast<const char*>(data), size});
    const auto again = node::Genesis::from_toml(genesis.to_toml());
    if (again.id() != genesis.id() || again.to_toml() != genesis.to_toml()) std::abort();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) std::abort();
  }
  return 0;
}
