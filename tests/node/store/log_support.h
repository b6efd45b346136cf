// Records for tests of the intake log, and what a log holds.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/bytes.h"
#include "node/store/intake_log.h"

namespace salus::test {

/// A record that tells its number, of a length that follows from it.
inline std::string record_text(std::uint64_t number) {
  return "record " + std::to_string(number) + std::string(number % 37, '.');
}

inline node::Sequence append(node::IntakeLog& log, std::span<const std::string> texts) {
  std::vector<Bytes> records;
  for (const std::string& text : texts) records.push_back(as_bytes(text));
  return log.append(records);
}

/// Appends `record_text` of the numbers that the records will get, when only this thread appends.
inline node::Sequence append_numbered(node::IntakeLog& log, node::Sequence first,
                                      std::size_t count) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) texts.push_back(record_text(first + i));
  return append(log, texts);
}

inline std::map<node::Sequence, std::string> content(const node::IntakeLog& log,
                                                     node::Sequence from = 0) {
  std::map<node::Sequence, std::string> records;
  log.replay(from, [&](node::Sequence at, Bytes record) {
    records.emplace(at, std::string(record.begin(), record.end()));
  });
  return records;
}

inline std::vector<std::filesystem::path> segments(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".log") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace salus::test
