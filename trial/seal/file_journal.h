// Which files a run has dealt with, so that another run can go on after it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "trial/content/file_identity.h"
#include "trial/seal/output_file.h"

namespace salus::trial {

/// One file, as it was then.
struct JournalEntry {
  std::uint64_t name = 0;  ///< By which the run knows it: of its path, or its number.
  FileIdentity identity;
  bool done = false;  ///< False for one that could not be dealt with.

  friend bool operator==(const JournalEntry&, const JournalEntry&) = default;
};

/// Bytes that an entry takes up in a file.
inline constexpr std::size_t kJournalEntryBytes = 56;

/// The number by which a journal knows a path: eight bytes of its SHA-256.
std::uint64_t journal_name(std::string_view path);

void append(OutputFile& out, const JournalEntry& entry);

/// The entries in the first `size` bytes of a file. Throws `Error` (input) when it is shorter or
/// cannot be read.
std::vector<JournalEntry> read_journal(const std::filesystem::path& path, std::uint64_t size);

}  // namespace salus::trial
