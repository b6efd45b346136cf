// The jobs done with OpenSSL alone, on one thread: what the answers of devices are compared with
// and, in benchmarks, what their speed is compared with. All functions are pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/device.h"
#include "engine/pow/header.h"

namespace salus::engine {

/// Every nonce and version in the range whose hash passes the reject mask, in the order of
/// `Device::scan`. `versions` has `range.version_count` elements or more.
std::vector<Candidate> reference_scan(const pow::Header& header,
                                      std::span<const std::uint32_t> versions,
                                      std::uint32_t reject_mask, const ScanRange& range);

/// out[i] = SHA-256(prefix || messages[i]), for as many messages as `out` has room for.
void reference_hash(const MessageView& messages, std::optional<std::uint8_t> prefix,
                    std::span<Digest> out);

/// Every level above `leaves`, lowest first, the root last, as Device::merkle_reduce stores them.
std::vector<Digest> reference_levels(TreeKind kind, std::span<const Digest> leaves);

/// The root over entries; at least one of them. Throws `Error` (usage) for an entry of a Bitcoin
/// tree that has not 32 bytes.
Digest reference_root(TreeKind kind, const MessageView& entries);

}  // namespace salus::engine
