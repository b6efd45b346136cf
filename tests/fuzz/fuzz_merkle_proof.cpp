// Any text as a Merkle proof: what is taken can be written and taken again, and can be judged.
#include <cstdlib>
#include <string_view>

#include "engine/error.h"
#include "engine/merkle/proof.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace salus;
  try {
    const merkle::Proof proof =
        merkle::proof_from_json({reinterpret_cast<const char*>(data), size});
    const bool holds = merkle::holds(proof);
    const std::string text = to_json(proof);
    const merkle::Proof again = merkle::proof_from_json(text);
    if (to_json(again) != text || merkle::holds(again) != holds) std::abort();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) std::abort();
  }
  return 0;
}
