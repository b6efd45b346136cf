#include "node/chain/genesis.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/cbor_writer.h"
#include "engine/error.h"
#include "engine/merkle/tree.h"
#include "engine/signature/cose_key.h"
#include "node/chain/header_rules.h"
#include "node/state/state.h"
#include "node/state/state_overlay.h"
#include "node/statement/key_id.h"
#include "node/statement/plain_text.h"

namespace salus::node {
namespace {

constexpr std::string_view kFormat = "salus-genesis-1";
constexpr std::size_t kMaxChainName = 64;
constexpr std::size_t kMaxGenesisKeys = 100000;
constexpr std::uint32_t kMaxSeconds = 100 * 365 * 86400U;

[[noreturn]] void fail(const std::string& problem) {
  throw Error(ErrorKind::input, "genesis: " + problem);
}

void require(bool holds, const char* problem) {
  if (!holds) fail(problem);
}

void check_work(const ChainParameters& p) {
  require(pow::decode_bits(p.limit_bits).error == pow::BitsError::none &&
              pow::encode_bits(pow::decode_bits(p.limit_bits).target) == p.limit_bits,
          "the easiest target is not a target in its compact form");
  require(p.spacing >= 1 && p.spacing <= kMaxSeconds, "the spacing of blocks is out of range");
  require(p.half_life >= 1 && p.half_life <= kMaxSeconds, "the half-life is out of range");
  require(p.time >= p.spacing, "the time is too early");
  require(p.max_ahead >= 1 && p.max_ahead <= kMaxSeconds,
          "the seconds that a time may be ahead are out of range");
}

void check_limits(const ChainParameters& p) {
  constexpr BlockLimits kMost;
  constexpr std::uint32_t kLeastStatementBytes = 512;  // what registers a key must fit
  require(p.limits.statement_bytes >= kLeastStatementBytes &&
              p.limits.statement_bytes <= kMaxStatementBytes,
          "the limit for a statement's bytes is out of range");
  require(p.limits.block_bytes >= 4 * p.limits.statement_bytes &&
              p.limits.block_bytes <= kMost.block_bytes,
          "the limit for a block's bytes is out of range");
  require(p.limits.statements >= 2 && p.limits.statements <= kMost.statements,
          "the limit for a block's statements is out of range");
  require(p.diversity.window >= 1 && p.diversity.window <= kMaxValidatorWindow,
          "the window of validators is out of range");
  require(p.diversity.limit >= 1 && p.diversity.limit <= p.diversity.window,
          "the limit of blocks for a validator is out of range");
}

void check_keys(const ChainParameters& p) {
  require(p.keys.size() <= kMaxGenesisKeys, "too many keys");
  const auto has = [&p](Role role) {
    return std::ranges::any_of(p.keys, [role](const GenesisKey& k) { return k.role == role; });
  };
  require(has(Role::authority), "there is no authority");
  require(has(Role::validator), "there is no validator");
  std::set<KeyId> seen;
  for (const GenesisKey& key : p.keys) {
    require(key.name.empty() || is_plain_text(key.name, kMaxKeyNameBytes),
            "the name of a key is not plain text of up to 255 bytes");
    const KeyId id = key_id(key.key);
    if (!seen.insert(id).second) fail("the key " + to_hex(id) + " is there twice");
  }
}

std::vector<std::uint8_t> encode(const ChainParameters& p) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.array(13);
  writer.text_string(kFormat);
  writer.text_string(p.name);
  for (const std::uint32_t number :
       {p.time, p.limit_bits, p.spacing, p.half_life, p.max_ahead, p.limits.block_bytes,
        p.limits.statement_bytes, p.limits.statements, p.diversity.window, p.diversity.limit})
    writer.unsigned_integer(number);
  writer.array(p.keys.size());
  for (const GenesisKey& key : p.keys) {
    writer.array(3);
    writer.unsigned_integer(static_cast<std::uint64_t>(key.role));
    writer.byte_string(engine::signature::encode_cose_key(key.key));
    writer.text_string(key.name);
  }
  return out;
}

}  // namespace

Genesis::Genesis(ChainParameters parameters) : parameters_(std::move(parameters)) {
  ChainParameters& p = parameters_;
  require(is_plain_text(p.name, kMaxChainName), "the name must be plain text of 1 to 64 bytes");
  check_work(p);
  check_limits(p);
  check_keys(p);
  // The order in the file is for people; the chain's identity does not hang on it.
  std::ranges::sort(p.keys, {}, [](const GenesisKey& key) { return key_id(key.key); });
  encoded_ = encode(p);
  header_.version = kBlockVersion;
  header_.merkle_root = merkle::leaf_hash(merkle::TreeKind::rfc9162, encoded_);
  header_.time = p.time;
  header_.bits = p.limit_bits;
  id_ = pow::header_id(header_);
}

StateWrites Genesis::state() const {
  const State empty;
  StateOverlay overlay(empty);
  for (const GenesisKey& key : parameters_.keys)
    overlay.add_key(key_id(key.key), new_key_record(key.key, key.role, parameters_.time));
  return overlay.writes();
}

}  // namespace salus::node
