// Many SHA-256 messages at once on one thread: keeps a variant's lanes full.
#pragma once

#include <optional>
#include <span>

#include "engine/cpu/cpu_backend.h"
#include "engine/cpu/variant.h"
#include "engine/message_view.h"

namespace salus::engine::cpu {

/// A full set of lanes makes the most bytes a second, but takes as long for one stream as for all:
/// a few streams are done sooner by a variant that works on fewer at once.
struct HashVariants {
  const CpuVariant* many;
  const CpuVariant* few;
  std::size_t
      few_limit;  ///< Up to so many streams `few` is the faster one; 0 where `many` always is.
};

/// The variant forced by `options`, or those that a measurement of some milliseconds showed to be
/// fastest (once a process; safe from many threads).
HashVariants choose_hash_variants(const CpuOptions& options);

/// Lanes that any variant has at most.
inline constexpr std::size_t kMaxLanes = 32;

/// The value that SHA-256 starts from (FIPS 180-4, 5.3.3).
inline constexpr StreamState kSha256Initial = {{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};

Digest digest_of(const StreamState& state);

/// Whole blocks that lie one after the other.
struct Segment {
  const std::uint8_t* data;
  std::size_t blocks;
};

/// One stream's work: up to three segments, of which any may be empty.
struct LaneTask {
  StreamState state;
  Segment segments[3];
  std::size_t id;  ///< For the source to know it by.
};

/// Where `run_lanes` takes tasks from.
class LaneSource {
 public:
  virtual ~LaneSource() = default;
  /// Begins the next task in lane `lane`, whose former task has been finished. False when there is
  /// none; then it is not called again.
  virtual bool start(std::size_t lane, LaneTask& task) = 0;
  /// All segments of `task` went into its state.
  virtual void finish(LaneTask& task) = 0;
  /// So many blocks are about to be compressed: time to fetch as many of the coming tasks.
  virtual void prefetch(std::size_t blocks) { (void)blocks; }
};

/// Works through all tasks. A lane whose task ends takes the next one at once.
void run_lanes(const HashVariants& variants, LaneSource& source);

/// out[i] = SHA-256(prefix || messages[i]).
void hash_messages(const HashVariants& variants, const MessageView& messages,
                   std::optional<std::uint8_t> prefix, std::span<Digest> out);

}  // namespace salus::engine::cpu
