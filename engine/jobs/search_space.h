// The order in which a header is mined: by nonce, then by version bits, then by time.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/engine.h"

namespace salus::engine {

/// A place in the search order.
struct SearchPlace {
  std::uint32_t time = 0;
  std::uint64_t version_group = 0;  ///< Which eight versions.
  std::uint64_t nonce = 0;
  friend auto operator<=>(const SearchPlace&, const SearchPlace&) = default;
};

/// A stretch of nonces for up to eight versions at one time.
struct SearchPiece {
  SearchPlace place;  ///< Of its first header.
  std::array<std::uint32_t, SALUS_MINE_MAX_VERSIONS> versions{};
  ScanRange range;

  [[nodiscard]] std::uint64_t hashes() const { return range.nonce_count * range.version_count; }
};

/// Hands out the search space of a request in order, as a source for `SharedRun`.
///
/// Versions count up from the header's own within the mask and wrap; eight of them share a piece.
/// The winner is the first hit in search order: once there is one, only pieces before it are handed
/// out, so the answer does not depend on which device was faster. Thread safe.
class SearchSpace {
 public:
  /// No piece has more than `max_hashes`.
  SearchSpace(const MineRequest& request, std::uint64_t max_hashes, const Progress& progress);

  std::optional<SearchPiece> take(double hashes);
  void give_back(const SearchPiece& piece);
  void finish(const SearchPiece& piece);
  bool complete();
  static double units(const SearchPiece& piece) { return static_cast<double>(piece.hashes()); }

  /// Reports the first header of a piece that meets the target.
  void report(const SearchPiece& piece, const pow::Header& header);

  [[nodiscard]] std::uint64_t hashes_done();
  /// The winner, once every piece before it is finished.
  std::optional<pow::Header> winner();
  /// The first header that no finished piece covers.
  pow::Header next_untried();
  /// Whether every piece of the whole space was finished.
  bool exhausted();

 private:
  SearchPiece cut(std::uint64_t hashes);
  /// The first part of a piece that was given back, of about `hashes`; the rest waits on.
  SearchPiece take_again(std::uint64_t hashes);
  void advance(std::uint64_t nonces);
  [[nodiscard]] std::uint64_t nonces_for(std::uint64_t hashes, unsigned versions) const;
  [[nodiscard]] std::uint32_t version_at(std::uint64_t index) const;
  [[nodiscard]] std::uint64_t group_count() const;
  /// Whether what stands there may still decide the search.
  [[nodiscard]] bool wanted(const SearchPlace& place) const;

  std::mutex mutex_;
  const MineRequest request_;
  const std::uint64_t max_hashes_;
  const Progress progress_;
  std::uint64_t version_total_ = 1;
  std::uint64_t first_version_ = 0;

  SearchPlace next_;
  bool at_end_ = false;

  std::uint64_t hashes_done_ = 0;
  std::map<SearchPlace, SearchPiece> handed_out_;
  std::map<SearchPlace, SearchPiece> given_back_;
  std::optional<std::pair<SearchPlace, pow::Header>> best_;
};

}  // namespace salus::engine
