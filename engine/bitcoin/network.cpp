#include "engine/bitcoin/network.h"

#include <algorithm>

namespace salus::bitcoin {
namespace {

// bitcoin/bitcoin src/kernel/chainparams.cpp
constexpr Network kNetworks[] = {
    {"mainnet",
     {0xf9, 0xbe, 0xb4, 0xd9},
     "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
     0x1d00ffff},
    {"testnet3",
     {0x0b, 0x11, 0x09, 0x07},
     "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943",
     0x1d00ffff},
    {"testnet4",
     {0x1c, 0x16, 0x3f, 0x28},
     "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043",
     0x1d00ffff},
    {"signet",
     {0x0a, 0x03, 0xcf, 0x40},
     "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6",
     0x1e0377ae},
    {"regtest",
     {0xfa, 0xbf, 0xb5, 0xda},
     "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
     0x207fffff},
};

}  // namespace

std::span<const Network> networks() { return kNetworks; }

const Network* find_network(Bytes bytes) {
  for (const Network& network : kNetworks)
    if (bytes.size() >= network.magic.size() &&
        std::equal(network.magic.begin(), network.magic.end(), bytes.begin()))
      return &network;
  return nullptr;
}

}  // namespace salus::bitcoin
