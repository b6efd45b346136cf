// Bitcoin's networks: how their block files are marked, how their chains begin and how easy their
// blocks may be.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "engine/bytes.h"
#include "engine/pow/target.h"

namespace salus::bitcoin {

struct Network {
  const char* name;
  std::array<std::uint8_t, 4> magic;  ///< What each block in a `blk*.dat` file begins with.
  const char* genesis;                ///< Id of block 0, as shown (byte-reversed hex).
  std::uint32_t easiest_bits;         ///< No block may have an easier target.
};

/// mainnet, testnet3, testnet4, signet (the default one) and regtest.
std::span<const Network> networks();

/// The network whose magic `bytes` begin with; nullptr when there is none.
const Network* find_network(Bytes bytes);

}  // namespace salus::bitcoin
