// Samples of a device's output compared with OpenSSL (`EngineOptions::self_check`).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "engine/device.h"
#include "engine/jobs/search_space.h"

namespace salus::engine {

/// Recomputes some of `digests`; throws `Error` (device) at the first that differs.
void check_digests(const Device& device, const MessageView& messages,
                   std::optional<std::uint8_t> prefix, std::span<const Digest> digests);

/// Rescans a few nonces of the piece with an easy mask and compares with OpenSSL nonce by nonce:
/// a real target is met so rarely that a device which never finds anything would go unnoticed.
void check_scan(Device& device, const pow::Header& header, const SearchPiece& piece);

/// Compares the root over the first entries with OpenSSL's.
void check_root(Device& device, TreeKind kind, const MessageView& entries);

/// Recomputes some nodes of the levels that `Device::merkle_reduce` stored.
void check_levels(const Device& device, TreeKind kind, std::span<const Digest> leaves,
                  std::span<const Digest> levels);

/// Verifies some of the items again, each of them of the right form.
void check_verdicts(const Device& device, std::span<const signature::Item> items,
                    std::span<const signature::Reason> answers);

}  // namespace salus::engine
