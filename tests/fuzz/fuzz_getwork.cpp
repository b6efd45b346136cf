// Any bytes as what a miner sends: the first line as its credentials, the rest as the call. Every
// call is answered, by an object of JSON-RPC.
#include <nlohmann/json.hpp>
#include <string_view>

#include "engine/openssl_sha256.h"
#include "node/api/getwork.h"
#include "node/chain/block_builder.h"
#include "node/mining/work_source.h"
#include "tests/fuzz/require.h"
#include "tests/node/chain/memory_storage.h"

namespace {

using namespace salus;
using namespace salus::node;

/// Nobody meets it by chance, so that the chain stays as it is.
constexpr std::uint32_t kHardBits = 0x1800ffff;

using salus::fuzz::require;

ChainParameters parameters(const SigningKey& validator) {
  ChainParameters made;
  made.name = "fuzz";
  made.time = 1700000000;
  made.limit_bits = kHardBits;
  made.spacing = 1;
  made.half_life = 3600;
  made.keys = {{Role::validator, validator.public_key(), "validator"},
               {Role::authority, SigningKey::generate(Algorithm::ed25519).public_key(), ""}};
  return made;
}

/// A node as far as miners see it.
struct Works {
  Works() {
    open.open(source);
    closed.open(source);
  }

  SigningKey validator = SigningKey::generate(Algorithm::ed25519);
  Genesis genesis{parameters(validator)};
  engine::Engine engine{{.devices = "cpu", .cpu = {1, "", "portable"}, .key_cache_bytes = 0}};
  test::MemoryStorage storage;
  Chain chain{genesis, engine, storage};
  Mempool mempool;
  WorkSource source{chain, engine, mempool, validator.id(), sign_by(validator)};
  api::Getwork open{{}};
  api::Getwork closed{{{"miner", openssl_sha256(as_bytes("password"))}}};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Works works;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = text.find('\n');
  const auto refusal = works.closed.refusal(text.substr(0, line));
  require(!refusal || refusal->status == 401);
  const std::string_view call = line == std::string_view::npos ? text : text.substr(line + 1);
  if (call.size() > api::kMaxGetworkBytes) return 0;  // the server reads no more
  const api::Reply reply = works.open.answer(as_bytes(call));
  const auto body = nlohmann::json::parse(reply.body);
  require(reply.status == 200 && body.is_object() && body.size() == 3);
  return 0;
}
