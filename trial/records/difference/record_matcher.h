// Which sealed record each record of a file is, whatever was changed, added, removed or moved.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "trial/records/difference/fingerprint_map.h"
#include "trial/records/difference/moved_runs.h"
#include "trial/records/record_index.h"

namespace salus::trial {

/// Why a record of the file is taken for a sealed one; a later reason outdoes an earlier one.
enum class MatchBy : std::uint8_t {
  nothing,    ///< It was added.
  position,   ///< It stands where that one is expected, and nothing else is known of either.
  key,        ///< The key variables are the same, the content is not.
  elsewhere,  ///< The content is the same, but it is not where that one is expected.
  content,
};

struct Match {
  MatchBy by = MatchBy::nothing;
  std::uint64_t sealed = 0;  ///< The sealed record's number.
  /// Why another record of the file was taken for it before, which now is without one.
  MatchBy outdone = MatchBy::nothing;
  /// The sealed record that is expected here, where another was found and none was taken for it.
  std::optional<std::uint64_t> instead = std::nullopt;
};

/// Takes the records of a file one after the other. Memory: 26 bytes for each sealed record, up to
/// 66 where key variables are looked for.
class RecordMatcher {
 public:
  /// The first `matched` records of the file are the first ones of the seal. Throws `Error` (input)
  /// for an index of more than 2^32 - 2 records.
  RecordMatcher(const RecordIndex& index, std::uint64_t matched);

  /// The record of the file that comes next.
  Match next(std::uint64_t content, std::uint64_t key);

  /// Takes a record of the file, which is without one, for this sealed one by its position. False
  /// where another was taken for it.
  bool claim(std::uint64_t sealed);

  /// The sealed record that comes next if nothing else changes.
  [[nodiscard]] std::uint64_t expected() const { return expected_; }

  /// All records were taken: gives the memory back that finding needs. `next` is not called again.
  void end();
  [[nodiscard]] bool is_matched(std::uint64_t sealed) const {
    return by_[sealed] != MatchBy::nothing;
  }
  /// Records that are there, by content or key, in the order of the file.
  [[nodiscard]] const std::vector<Run>& runs() const { return runs_; }

 private:
  [[nodiscard]] bool is_expected(std::uint64_t content) const;
  [[nodiscard]] std::optional<std::uint64_t> find_content(std::uint64_t content);
  [[nodiscard]] std::optional<std::uint64_t> find_key(std::uint64_t key);
  [[nodiscard]] bool can_have(std::uint64_t sealed, MatchBy by) const {
    return sealed < by_.size() && by_[sealed] < by;
  }
  Match take(std::uint64_t sealed, MatchBy by);
  void add_to_runs(std::uint64_t sealed);
  void take_from_runs(std::uint64_t sealed);

  IndexFingerprints sealed_;
  std::vector<MatchBy> by_;  // of each sealed record
  std::optional<FingerprintMap> by_content_;
  std::optional<FingerprintMap> by_key_;
  std::uint64_t expected_;
  std::uint64_t found_;  // number of the file's next record
  std::vector<Run> runs_;
};

}  // namespace salus::trial
