// Room for tables of public keys within a fixed number of bytes.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/signature/signature.h"

namespace salus::engine::signature {

/// Windows of 4 bits (some tens of KiB a key) or of 8 (some hundreds).
enum class TableSize : std::uint8_t { none, small, large };

/// What a table is for; tables of one kind have one size in bytes.
struct TableKind {
  Algorithm algorithm = Algorithm::ed25519;
  TableSize size = TableSize::none;

  /// 0 to kTableKinds - 1, for other sizes than `none`.
  [[nodiscard]] constexpr std::size_t index() const {
    return 2 * static_cast<std::size_t>(algorithm) + (size == TableSize::large ? 1 : 0);
  }
  friend bool operator==(const TableKind&, const TableKind&) = default;
};
inline constexpr std::size_t kTableKinds = 4;

/// Hands out offsets within [0, bytes). Room is cut into chunks of the size of a huge page, each of
/// which holds tables of one kind; an empty chunk serves any kind again. Thread safe.
class TableSlots {
 public:
  static constexpr std::uint64_t kMostChunkBytes = std::uint64_t{2} << 20;

  /// `table_bytes[kind.index()]` are the bytes of a table; 0 where there are none of that kind.
  TableSlots(std::uint64_t bytes, const std::array<std::uint64_t, kTableKinds>& table_bytes);

  /// Where a table of this kind may be written; nothing when there is no room.
  std::optional<std::uint64_t> take(TableKind kind);

  /// Gives back what `take` gave.
  void give_back(std::uint64_t offset);

  [[nodiscard]] std::size_t chunk_count() const { return chunks_.size(); }
  [[nodiscard]] std::size_t chunk_of(std::uint64_t offset) const {
    return static_cast<std::size_t>(offset / chunk_bytes_);
  }
  [[nodiscard]] std::uint64_t bytes() const { return chunks_.size() * chunk_bytes_; }
  [[nodiscard]] std::size_t tables_a_chunk(TableKind kind) const {
    return tables_a_chunk(kind.index());
  }
  /// The most tables of any kind that there can be at once.
  [[nodiscard]] std::uint64_t most_tables() const;

 private:
  struct Chunk {
    std::size_t kind = kTableKinds;  // that many: none yet
    std::uint64_t used = 0;          // a bit for each table
  };

  [[nodiscard]] unsigned tables_a_chunk(std::size_t kind) const;
  [[nodiscard]] bool is_full(const Chunk& chunk) const;

  std::array<std::uint64_t, kTableKinds> table_bytes_;
  std::uint64_t chunk_bytes_;
  std::mutex mutex_;
  std::vector<Chunk> chunks_;
  std::vector<std::size_t> empty_;                            // chunks
  std::array<std::vector<std::size_t>, kTableKinds> partly_;  // chunks with tables and with room
};

}  // namespace salus::engine::signature
