// The jobs done with OpenSSL alone, on one thread: what the answers of our kernels are compared
// with and, in benchmarks, what their speed is compared with.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/device.h"
#include "engine/pow/header.h"

namespace salus::cli {

/// Every nonce and version in the range whose hash passes the reject mask, ascending.
std::vector<engine::Candidate> reference_scan(const pow::Header& header,
                                              std::span<const std::uint32_t> versions,
                                              std::uint32_t reject_mask,
                                              const engine::ScanRange& range);

/// out[i] = SHA-256(prefix || messages[i]).
void reference_hash(const engine::MessageView& messages, std::optional<std::uint8_t> prefix,
                    std::span<Digest> out);

/// Every level above `leaves`, lowest first, the root last, as Device::merkle_reduce stores them.
std::vector<Digest> reference_levels(engine::TreeKind kind, std::span<const Digest> leaves);

/// The root over entries; at least one of them.
Digest reference_root(engine::TreeKind kind, const engine::MessageView& entries);

}  // namespace salus::cli
