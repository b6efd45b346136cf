// Made-up input for self-tests and benchmarks: the same bytes on every machine and in every run.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/pow/header.h"

namespace salus::engine {

/// `size` bytes of SplitMix64 (Steele, Lea, Flood 2014) from `seed`.
std::vector<std::uint8_t> sample_bytes(std::size_t size, std::uint64_t seed);

/// A header template with made-up ids, of the kind that a miner gets.
pow::Header sample_header();

/// `count` versions of it that differ in the bits that BIP 320 leaves to miners.
std::vector<std::uint32_t> sample_versions(unsigned count);

}  // namespace salus::engine
