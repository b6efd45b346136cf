// The engine's jobs, one file each: how a job is cut into pieces for the devices of a pool,
// checked, and put together again. Called by `Engine`; arguments and errors are those of its
// methods.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/device.h"
#include "engine/engine.h"
#include "engine/jobs/device_pool.h"

namespace salus::engine {

/// What every job needs beside its own arguments.
struct JobContext {
  DevicePool& pool;
  bool self_check;
  const JobControl& control;
};

/// out[i] = SHA-256(prefix || messages[i]).
void hash_job(const JobContext& context, const MessageView& messages,
              std::optional<std::uint8_t> prefix, std::span<Digest> out);

/// The root over at least one entry.
Digest merkle_root_job(const JobContext& context, TreeKind kind, const MessageView& entries);

/// Every level above `leaves`, laid out as `Device::merkle_reduce` leaves them.
std::vector<Digest> merkle_levels_job(const JobContext& context, TreeKind kind,
                                      std::span<const Digest> leaves);

/// One verdict for each item.
signature::Verdicts verify_job(const JobContext& context, std::span<const signature::Item> items,
                               const signature::Policy& policy);

/// Announces keys to every device that verifies signatures; one that fails is dropped.
void register_keys_job(DevicePool& pool, std::span<const signature::KeyView> keys);

MineResult mine_job(const JobContext& context, const MineRequest& request);

}  // namespace salus::engine
