// P-256 items at the edges of the rule, made to measure; all valid but those of the last function.
#pragma once

#include <optional>
#include <random>
#include <vector>

#include "tests/engine/signature/items.h"
#include "tests/engine/signature/p256_oracle.h"

namespace salus::engine::signature {

using Hash = NumberBytes;

/// The key under which (r, s) is a valid signature of a hash e with the commitment R:
/// Q = (s R - e G) / r.
EcPoint key_for(const EcPoint& commitment, const Number& e, const Number& s);

/// a + n as bytes, if it fits.
std::optional<NumberBytes> plus_order(const NumberBytes& a);

std::vector<std::uint8_t> concat(const NumberBytes& a, const NumberBytes& b);

/// x between n and p stands for r = x - n.
std::vector<OwnedItem> p256_x_above_order_items(std::mt19937_64& random);

/// x = r where r + n is below p, too, and where it is not; r at the ends of its range.
std::vector<OwnedItem> p256_commitments_at_the_ends(std::mt19937_64& random);

/// With the key d G, u1 + d u2 is the discrete logarithm of the sum: its summands are equal or
/// opposite on the way for many small d.
std::vector<OwnedItem> p256_keys_that_are_multiples_of_the_base(std::mt19937_64& random);

/// Sums that meet the point which is added next, or its opposite, however they are made:
/// - by combs, the key's windows first and then the base point's of 10 bits from the lowest on: for
///   u1 = l + 2^(10 j) (d + 1024 odd) and u2 Q = (+-d 2^(10 j) - l) G with odd l < 2^(10 j) (or l =
///   0 for j = 0) the j-th digit of u1 is d, which has to be odd and at most 1023;
/// - by shared doublings, the base point's lowest digit d last: for u1 + u2 Q = 2 d G.
std::vector<OwnedItem> p256_sums_that_meet_rows(std::mt19937_64& random);

/// r = -e / d makes the sum the point at infinity, which no r belongs to.
std::vector<OwnedItem> p256_sums_that_are_infinity(std::mt19937_64& random);

}  // namespace salus::engine::signature
