#include "cli/bench/block_factory.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <thread>

#include "node/chain/parallel.h"
#include "node/statement/senml.h"
#include "node/statement/sign.h"

namespace salus::cli::bench {

using engine::signature::Algorithm;
using node::ChainParameters;
using node::SigningKey;

namespace {

std::vector<SigningKey> generate(std::size_t count, double p256_share) {
  std::vector<SigningKey> keys;
  keys.reserve(count);
  const auto p256 = static_cast<std::size_t>(std::lround(p256_share * 1000));
  for (std::size_t i = 0; i < count; ++i) {
    // Spread evenly: so many of each thousand.
    const bool is_p256 = (i + 1) * p256 / 1000 != i * p256 / 1000;
    keys.push_back(SigningKey::generate(is_p256 ? Algorithm::p256 : Algorithm::ed25519));
  }
  return keys;
}

node::SenmlRecord record(std::string_view name, std::string_view unit, double value) {
  node::SenmlRecord out;
  out.name = name;
  out.unit = unit;
  out.value = value;
  return out;
}

/// Four vital signs, as a bedside monitor sends them once a second.
std::vector<std::uint8_t> vital_signs(std::int64_t time, std::uint64_t sequence) {
  node::SenmlRecord heart_rate =
      record("hr", "beat/min", 60.0 + static_cast<double>(sequence % 40));
  heart_rate.base_name = "urn:dev:mac:0024befffe80:";
  heart_rate.base_time = static_cast<double>(time);
  std::vector<std::uint8_t> payload;
  node::append_senml(std::vector{heart_rate, record("spo2", "%", 97.5), record("rr", "1/min", 14),
                                 record("t", "Cel", 36.75)},
                     payload);
  return payload;
}

}  // namespace

BlockFactory::BlockFactory(engine::Engine& engine, const FactoryOptions& options)
    : engine_(engine),
      authority_(SigningKey::generate(Algorithm::ed25519)),
      validators_(generate(options.validators, 0)),
      devices_(generate(options.devices, options.p256_share)),
      genesis_(parameters(options)) {}

ChainParameters BlockFactory::parameters(const FactoryOptions& options) const {
  ChainParameters p;
  p.name = "made up";
  p.time = options.time;
  p.limit_bits = options.limit_bits;
  p.half_life = options.half_life;
  p.limits = options.limits;
  p.diversity = options.diversity;
  p.keys.push_back({node::Role::authority, authority_.public_key(), "authority"});
  for (const SigningKey& key : validators_)
    p.keys.push_back({node::Role::validator, key.public_key(), "validator"});
  for (std::size_t i = options.unregistered_devices; i < devices_.size(); ++i)
    p.keys.push_back({node::Role::device, devices_[i].public_key(), ""});
  return p;
}

BlockFactory::Message BlockFactory::telemetry(std::size_t device, std::int64_t issued_at,
                                              std::uint64_t sequence) const {
  return sign_statement(devices_[device], {{}, "bed-12", issued_at, sequence},
                        node::ContentType::senml_cbor, vital_signs(issued_at, sequence));
}

std::vector<BlockFactory::Message> BlockFactory::many_telemetry(std::size_t count,
                                                                std::int64_t issued_at,
                                                                std::uint64_t round) const {
  std::vector<std::size_t> order(devices_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [this](std::size_t i) { return devices_[i].id(); });

  struct Slot {
    std::size_t device;
    std::uint64_t sequence;
  };
  const std::uint64_t each = (count + devices_.size() - 1) / devices_.size();
  std::vector<Slot> slots;
  for (const std::size_t device : order)
    for (std::uint64_t k = 0; k < each && slots.size() < count; ++k)
      slots.push_back({device, round * each + k});

  std::vector<Message> messages(slots.size());
  node::for_parts(slots.size(), std::max(1U, std::thread::hardware_concurrency()),
                  [&](std::size_t, std::size_t first, std::size_t end) {
                    for (std::size_t i = first; i < end; ++i)
                      messages[i] = telemetry(slots[i].device, issued_at, slots[i].sequence);
                  });
  return messages;
}

pow::Header BlockFactory::mine(pow::Header header) {
  const pow::Target target = pow::decode_bits(header.bits).target;
  while (!pow::meets(header, target)) ++header.nonce;
  return header;
}

std::vector<std::uint8_t> BlockFactory::block(const node::NextBlock& next, std::uint32_t time,
                                              std::span<const Message> statements,
                                              std::size_t validator) const {
  const std::vector<Bytes> content(statements.begin(), statements.end());
  const node::BlockTemplate made = node::build_block(engine_, genesis_, next, time, content,
                                                     node::sign_by(validators_[validator]));
  return made.with(mine(made.header));
}

}  // namespace salus::cli::bench
