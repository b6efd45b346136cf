// Virtual devices: keys that sign, and their registration.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/statement/signing_key.h"

namespace salus::cli::simulate {

struct FleetOptions {
  std::size_t devices = 100;
  double p256_share = 0;  ///< Of the devices; the others have Ed25519.
  std::uint64_t seed = 1;
  /// Keys are made at random and kept here, device-000000.pem and so on; empty: they are derived
  /// from the seed.
  std::string keys_folder;
};

/// Whether the i-th of many belongs to a share of them (0 to 1) that is spread evenly.
bool is_in_share(std::uint64_t i, double share);

/// The key of a device, the same for the same seed: anybody can derive it, so that it is worth
/// nothing outside of tests.
node::SigningKey derived_key(std::uint64_t seed, std::size_t device, node::Algorithm algorithm);

/// In order; made and read on all cores. Throws `Error` for files that cannot be used.
std::vector<node::SigningKey> make_fleet(const FleetOptions& options);

/// "virtual-000042": a device's pseudonym, which its statements have as their subject.
std::string device_name(std::size_t device);

/// What an authority signs to make the device known. `sequence` must rise from one to the next.
std::vector<std::uint8_t> registration_of(const node::SigningKey& device, std::size_t number,
                                          const node::SigningKey& authority, std::int64_t issued_at,
                                          std::uint64_t sequence);

}  // namespace salus::cli::simulate
