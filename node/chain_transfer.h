// Blocks carried from one chain to another as a stream (chain/block_stream.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "engine/byte_source.h"
#include "engine/engine.h"
#include "node/chain/block_storage.h"
#include "node/chain/chain.h"

namespace salus::node {

/// Heights, both included.
struct BlockRange {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};

struct ExportReport {
  std::uint64_t blocks = 0;
  std::uint64_t bytes = 0;
};

/// Hands the blocks of `range`, of which all must be there, to `take`, one at a time. Throws
/// `Error` (input) at the first block of which a body was deleted, naming it: such a block cannot
/// be handed out whole. `control.progress` is called with blocks done and in all. Throws
/// `Cancelled`.
ExportReport export_blocks(const BlockStorage& storage, const BlockRange& range,
                           const std::function<void(Bytes)>& take,
                           const engine::JobControl& control = {});

struct ImportReport {
  std::uint64_t blocks = 0;      ///< Read, and not refused.
  std::uint64_t known = 0;       ///< Of these, the chain had them before.
  std::uint64_t side = 0;        ///< Of these, on a branch with less work.
  std::uint64_t statements = 0;  ///< In blocks that were new.
  std::uint64_t height = 0;      ///< Of the chain's tip.
  std::uint64_t bytes = 0;       ///< Of the stream.
  double seconds = 0;
  /// Why it ended before the stream did, in words: which block is wrong, and how; or where the
  /// stream is cut short.
  std::optional<std::string> problem;
};

/// Adds the blocks of a stream to `chain`, each with all checks that blocks of anyone get, up to
/// the first that is refused or that does not follow what is known. `progress` is called after
/// each. Memory is bounded by the chain's limit for one block. Throws `Error` for what cannot be
/// read or stored, and `Cancelled`; what was added before stays.
ImportReport import_blocks(Chain& chain, ByteSource& source,
                           const std::function<void(const ImportReport&)>& progress = {},
                           const std::stop_token& stop = {});

}  // namespace salus::node
