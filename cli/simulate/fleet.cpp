#include "cli/simulate/fleet.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <optional>
#include <thread>

#include "cli/output.h"
#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "node/chain/parallel.h"
#include "node/statement/key_registration.h"
#include "node/statement/sign.h"

namespace salus::cli::simulate {

using node::Algorithm;
using node::SigningKey;

namespace fs = std::filesystem;

namespace {

Algorithm algorithm_of(std::size_t device, const FleetOptions& options) {
  return is_in_share(device, options.p256_share) ? Algorithm::p256 : Algorithm::ed25519;
}

/// A key that was kept must be of the algorithm that is wanted now: a fleet whose mix is not what
/// it is said to be measures something else.
SigningKey kept_key(std::size_t device, const FleetOptions& options) {
  const fs::path file = fs::path(options.keys_folder) / fmt::format("device-{:06}.pem", device);
  const Algorithm algorithm = algorithm_of(device, options);
  if (!fs::exists(file)) {
    SigningKey key = SigningKey::generate(algorithm);
    key.save(file, {});
    return key;
  }
  SigningKey key = SigningKey::load(file);
  if (key.algorithm() != algorithm)
    throw Error(ErrorKind::usage,
                fmt::format("{}: its algorithm is not the one that --p256 gives this device",
                            printable(file.string())));
  return key;
}

}  // namespace

bool is_in_share(std::uint64_t i, double share) {
  return std::floor(static_cast<double>(i + 1) * share) !=
         std::floor(static_cast<double>(i) * share);
}

SigningKey derived_key(std::uint64_t seed, std::size_t device, Algorithm algorithm) {
  // One hash in 2^32 is no scalar of P-256: then the next one is taken.
  for (unsigned attempt = 0;; ++attempt) {
    const std::string text =
        fmt::format("salus simulate: seed {}, device {}, {} key, attempt {}", seed, device,
                    algorithm == Algorithm::p256 ? "P-256" : "Ed25519", attempt);
    if (auto key = SigningKey::from_secret(algorithm, openssl_sha256(as_bytes(text))))
      return std::move(*key);
  }
}

std::vector<SigningKey> make_fleet(const FleetOptions& options) {
  if (!options.keys_folder.empty()) {
    std::error_code error;
    fs::create_directories(options.keys_folder, error);
    if (error)
      throw Error(ErrorKind::system, fmt::format("cannot make {}: {}",
                                                 printable(options.keys_folder), error.message()));
  }
  std::vector<std::optional<SigningKey>> made(options.devices);
  node::for_parts(made.size(), std::max(1U, std::thread::hardware_concurrency()),
                  [&](std::size_t, std::size_t first, std::size_t end) {
                    for (std::size_t i = first; i < end; ++i)
                      made[i] = options.keys_folder.empty()
                                    ? derived_key(options.seed, i, algorithm_of(i, options))
                                    : kept_key(i, options);
                  });
  std::vector<SigningKey> keys;
  keys.reserve(made.size());
  for (auto& key : made) keys.push_back(std::move(*key));
  return keys;
}

std::string device_name(std::size_t device) { return fmt::format("virtual-{:06}", device); }

std::vector<std::uint8_t> registration_of(const SigningKey& device, std::size_t number,
                                          const SigningKey& authority, std::int64_t issued_at,
                                          std::uint64_t sequence) {
  const node::KeyRegistration registration{device.public_key(), node::Role::device,
                                           device_name(number)};
  return sign_statement(authority, {{}, {}, issued_at, sequence},
                        node::ContentType::key_registration, encode(registration));
}

}  // namespace salus::cli::simulate
