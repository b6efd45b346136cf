// What a header scan is told, shared word for word by host and device code.
#pragma once

#ifdef __cplusplus
#include <cstdint>
namespace salus::kernels {
typedef std::uint32_t mine_word;
#else
typedef unsigned int mine_word;
#endif

/// The most versions that one scan rolls: their second blocks share one message schedule.
#define SALUS_MINE_MAX_VERSIONS 8

/// A header template for one scan. The 80-byte header is two SHA-256 blocks: block 1 holds version,
/// previous id and 28 bytes of the Merkle root; block 2 the root's last word, time, bits and nonce.
/// Only block 1 depends on the version (the overt AsicBoost of BIP 320).
typedef struct MineParams {
  /// After block 1, one for each version.
  mine_word midstate[SALUS_MINE_MAX_VERSIONS][8];
  /// After rounds 0 to 2 of block 2, which the nonce (word 3) does not reach; each variable in the
  /// place where SHA256_8_ROUNDS leaves it between rounds 2 and 3.
  mine_word after_round2[SALUS_MINE_MAX_VERSIONS][8];
  /// Block 2: w0..w2 as given; w16 and w17 complete; w18 less sigma0(nonce); w19 less the nonce.
  mine_word w0, w1, w2, w16, w17, w18_base, w19_base;
  /// A nonce is a candidate if (last state word of the second hash & reject_mask) == 0. The host
  /// makes a superset of the target's hits of it, and compares all 256 bits of the candidates.
  mine_word reject_mask;
} MineParams;

#ifdef __cplusplus
}  // namespace salus::kernels
#endif
