// Multi-buffer SHA-256 on the calling thread, for callers with threads of their own (file
// pipelines).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "engine/bytes.h"
#include "engine/cpu/cpu_backend.h"
#include "engine/message_view.h"

namespace salus::engine {

namespace cpu {
struct CpuVariant;
}

/// One message that arrives in pieces. Copyable: a copy goes on from the same point.
struct HashStream {
  std::uint32_t state[8];
  std::uint64_t length = 0;  ///< Bytes taken so far.
  std::uint8_t partial[64];  ///< The length % 64 bytes that do not fill a block yet.
  HashStream();
};

/// Hashes many messages, or many streams, side by side. Immutable: one may be shared by threads.
class LaneHasher {
 public:
  /// Chooses the variants as the CPU device does (`options.threads` does not matter here).
  explicit LaneHasher(const CpuOptions& options = {});

  /// Streams worth feeding at once: fewer leave lanes idle.
  [[nodiscard]] unsigned lanes() const;

  /// out[i] = SHA-256(prefix || messages[i]).
  void hash_many(const MessageView& messages, std::optional<std::uint8_t> prefix,
                 std::span<Digest> out) const;

  struct Update {
    HashStream* stream;
    Bytes bytes;
  };
  /// Feeds each stream its bytes. A stream stands at most once in `updates`. Fastest when all have
  /// about the same length and about `lanes()` of them are given.
  void update(std::span<const Update> updates) const;

  /// The digest of all that the stream took; the stream is used up.
  [[nodiscard]] Digest finish(HashStream& stream) const;

 private:
  const cpu::CpuVariant* few_;   // for up to few_limit_ streams
  const cpu::CpuVariant* many_;  // for full lanes
  std::size_t few_limit_;
};

}  // namespace salus::engine
