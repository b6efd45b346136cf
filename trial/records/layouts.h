// The names that records have, kept once for all records that have the same.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/bytes.h"
#include "trial/records/commitment.h"
#include "trial/records/record_batch.h"

namespace salus::trial {

/// The layout of a record whose names are not kept.
inline constexpr std::uint32_t kNoLayout = 0xffff'ffff;

using Layout = std::vector<std::string>;

/// Numbers layouts in the order in which they are first seen. Bounded: names that come after the
/// limits are not kept.
class LayoutTable {
 public:
  static constexpr std::size_t kMaxLayouts = 65'536;
  static constexpr std::size_t kMaxBytes = std::size_t{16} << 20;

  /// The number of the names of `record`, or `kNoLayout`.
  std::uint32_t number_of(std::span<const Cell> record);

  [[nodiscard]] const std::vector<Layout>& layouts() const { return layouts_; }

 private:
  [[nodiscard]] bool is_last(std::span<const Cell> record) const;

  std::vector<Layout> layouts_;
  std::unordered_map<std::string, std::uint32_t> numbers_;  // by the names, with their lengths
  std::size_t bytes_ = 0;
  std::uint32_t last_ = kNoLayout;
};

/// Layouts as an index holds them: encrypted and authenticated (AES-256-GCM) under the file's key,
/// since names of JSON members may be data. The same layouts give the same bytes.
std::vector<std::uint8_t> seal_layouts(const FileKey& key, std::span<const Layout> layouts);

/// The reverse. Throws `Error` (input), without a name, for what was not made with this key or is
/// damaged.
std::vector<Layout> open_layouts(const FileKey& key, Bytes sealed);

}  // namespace salus::trial
