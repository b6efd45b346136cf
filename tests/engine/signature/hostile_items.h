// Ed25519 items where verifiers are known to differ: small order, non-canonical encodings, torsion,
// and signatures with one thing changed. libsodium (sodium_accepts) says what is right.
#pragma once

#include <random>
#include <vector>

#include "tests/engine/signature/items.h"

namespace salus::engine::signature {

/// Every encoding of the points of small order as key and as commitment, 14 x 14, with several S.
std::vector<OwnedItem> small_order_items();

/// One of key and commitment of small order, the other sound, and S that fits.
std::vector<OwnedItem> one_small_order_part_items();

/// A + T and R + U for T and U of small order: they satisfy the equation without cofactor only when
/// U = -k T; a verifier that multiplies by 8 accepts them all.
std::vector<OwnedItem> mixed_order_items();

/// A good item with each of its bits changed in turn.
std::vector<OwnedItem> one_bit_changed_items(std::mt19937_64& random);

/// `count` items: good ones, random keys, random signatures, and swapped ones.
std::vector<OwnedItem> mixed_items(std::mt19937_64& random, std::size_t count);

}  // namespace salus::engine::signature
