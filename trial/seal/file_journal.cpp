#include "trial/seal/file_journal.h"

#include <array>
#include <cstring>

#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "trial/seal/folder_reader.h"

namespace salus::trial {
namespace {

using Words = std::array<std::uint64_t, kJournalEntryBytes / sizeof(std::uint64_t)>;

}  // namespace

std::uint64_t journal_name(std::string_view path) {
  const Digest digest = openssl_sha256(as_bytes(path));
  std::uint64_t name = 0;
  std::memcpy(&name, digest.data(), sizeof name);
  return name;
}

// In the order of bytes that the machine has: a journal does not leave it.
void append(OutputFile& out, const JournalEntry& entry) {
  const FileIdentity& identity = entry.identity;
  const Words words{entry.name,
                    identity.device,
                    identity.inode,
                    identity.size,
                    static_cast<std::uint64_t>(identity.modified_ns),
                    static_cast<std::uint64_t>(identity.changed_ns),
                    entry.done ? std::uint64_t{1} : 0};
  out.append(Bytes(reinterpret_cast<const std::uint8_t*>(words.data()), sizeof words));
}

std::vector<JournalEntry> read_journal(const std::filesystem::path& path, std::uint64_t size) {
  const FolderReader folder(std::filesystem::absolute(path).parent_path());
  const std::string name = path.filename().string();
  const auto bytes = folder.read(name, std::uint64_t{1} << 40);
  if (!bytes || bytes->size() < size || size % kJournalEntryBytes != 0)
    folder.refuse(name, "is not as the interrupted run left it");
  std::vector<JournalEntry> entries(size / kJournalEntryBytes);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Words words;
    std::memcpy(words.data(), bytes->data() + i * kJournalEntryBytes, sizeof words);
    entries[i] = {.name = words[0],
                  .identity = {.device = words[1],
                               .inode = words[2],
                               .size = words[3],
                               .modified_ns = static_cast<std::int64_t>(words[4]),
                               .changed_ns = static_cast<std::int64_t>(words[5])},
                  .done = words[6] != 0};
  }
  return entries;
}

}  // namespace salus::trial
