// The payload that has a statement's body deleted: application/vnd.salus.erasure+cbor.
//
//   {1: id of the statement}        docs/formats.md
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/bytes.h"

namespace salus::node {

struct Erasure {
  Digest statement{};

  friend bool operator==(const Erasure&, const Erasure&) = default;
};

std::vector<std::uint8_t> encode(const Erasure& erasure);

/// Nothing when the payload is not exactly what `encode` writes.
std::optional<Erasure> decode_erasure(Bytes payload);

}  // namespace salus::node
