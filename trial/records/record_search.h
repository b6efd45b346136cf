// Finding records by what their variables hold.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/files/descriptor.h"
#include "trial/records/record_index.h"

namespace salus::trial {

/// A variable and the text that it has to have; in forms of JSON also a string without its quotes.
using Condition = std::pair<std::string, std::string>;

struct RecordSearch {
  std::string path;  ///< For messages.
  std::string canonical_form;
  std::span<const Condition> conditions;
  std::size_t limit = 1;  ///< Records that are enough: the first ones.
  /// Of the file, as it was sealed: where parts of it begin that threads read side by side. Of a
  /// file that has changed since, records may be missed or have wrong numbers. Nothing, and one
  /// thread reads all.
  const RecordIndex* index = nullptr;
  unsigned threads = 0;  ///< 0 for every core that may be used.
};

/// The records that meet all conditions, in order, by reading the file. Throws `Error`: (usage) for
/// a variable that no record has, (input) for what is not of the format.
std::vector<std::uint64_t> find_records(const files::Descriptor& file, const RecordSearch& search);

}  // namespace salus::trial
