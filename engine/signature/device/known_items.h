// Items whose verdicts are known: what a device has to decide rightly before it is believed.
#pragma once

#include <span>
#include <vector>

#include "engine/signature/signature.h"

namespace salus::engine::signature::device {

struct KnownItem {
  std::vector<std::uint8_t> key;
  std::vector<std::uint8_t> message;
  std::vector<std::uint8_t> signature;
  Reason reason;
};

/// Published signatures (Ed25519: RFC 8032, 7.1; P-256: RFC 6979, A.2.5), and what becomes of them
/// when a bit changes in key, message, or either half of the signature.
std::vector<KnownItem> known_items(Algorithm algorithm);

/// The items as a device takes them.
std::vector<Item> views(Algorithm algorithm, const std::vector<KnownItem>& known);

/// The keys of items.
std::vector<KeyView> keys_of(std::span<const Item> items);

/// Throws `Error` (device) unless `reasons` are what is known.
void check_known(const std::vector<KnownItem>& known, std::span<const Reason> reasons,
                 Algorithm algorithm);

}  // namespace salus::engine::signature::device
