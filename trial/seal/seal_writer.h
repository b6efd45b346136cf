// A seal on disk, while it is written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/cpu/lane_hasher.h"
#include "engine/files/descriptor.h"
#include "engine/merkle/tree.h"
#include "trial/seal/begun_log.h"
#include "trial/seal/file_journal.h"
#include "trial/seal/output_file.h"
#include "trial/seal/seal.h"

namespace salus::trial {

/// Writes "SEAL.partial" and makes it "SEAL" in the end, in one step. A process that dies, or an
/// exception, leaves it as it is; what stood in it at the last `save_progress` can be gone on with.
///
/// Members throw `Error` (system) when something cannot be written. One thread at a time.
class SealWriter {
 public:
  /// The folder that the seal is written to.
  static std::filesystem::path partial_path(const std::filesystem::path& seal);

  /// Begins a new seal, in place of what an interrupted run left. `request` stands for what is to
  /// be sealed, and how: a run can only be gone on with by the same. Throws `Error` (usage) where
  /// another process writes this seal, or where something else has the partial folder's name.
  SealWriter(std::filesystem::path seal, std::string_view request,
             const engine::LaneHasher& hasher);
  /// Goes on with an interrupted run; nothing where there is none, or nothing of it. Throws `Error`
  /// (usage) when that one was of another request, (input) when what it left is damaged.
  static std::unique_ptr<SealWriter> resume(std::filesystem::path seal, std::string_view request,
                                            const engine::LaneHasher& hasher);

  /// What the interrupted run dealt with, in its order.
  [[nodiscard]] const std::vector<JournalEntry>& resumed() const { return resumed_; }
  /// Files that it was in the middle of, by `journal_name`.
  [[nodiscard]] const BegunFiles& resumed_begun() const { return resumed_begun_; }
  /// The header that it wrote.
  [[nodiscard]] const SealHeader& resumed_header() const { return header_; }

  /// Lines of SHA256SUMS, and leaf hashes of chunks for them.
  void append_lines(std::string_view lines);
  void append_chunks(std::span<const Digest> leaves);
  /// The next file, sealed or not, is dealt with.
  void append_journal(const JournalEntry& entry);
  /// Some chunks of a file that is still being hashed.
  void append_begun(const BegunPart& part);
  /// Lines so far.
  [[nodiscard]] std::uint64_t lines() const { return lines_; }

  /// A file of the seal: "records/17". Folders on the way are made.
  OutputFile make_file(std::string_view name);
  void remove_file(std::string_view name);

  /// Makes what was written so far durable, as the point to go on from.
  void save_progress();

  /// No more lines come: the tree over them.
  merkle::Tree finish_lines();
  /// Makes the partial folder the seal. With `replace`, in place of one that is there.
  void publish(bool replace);

 private:
  enum class Open { begin, go_on };
  SealWriter(std::filesystem::path seal, std::string_view request, const engine::LaneHasher& hasher,
             Open open);

  void lock();
  bool go_on();
  void load_begun(std::uint64_t size);
  void remove_later_indexes();
  void hash_fresh_lines();
  void hash_lines(std::string_view lines);
  [[nodiscard]] std::string digest_so_far() const;

  std::filesystem::path seal_;
  std::filesystem::path partial_;
  std::string request_;
  const engine::LaneHasher& hasher_;
  files::Descriptor folder_;  ///< Locked while it is written to.
  std::unique_ptr<OutputFile> sums_;
  std::unique_ptr<OutputFile> chunks_;
  std::unique_ptr<OutputFile> journal_;
  BegunLog begun_;
  std::vector<JournalEntry> resumed_;
  BegunFiles resumed_begun_;
  SealHeader header_;
  std::string fresh_lines_;  ///< Not hashed yet.
  std::vector<Digest> leaves_;
  engine::HashStream sums_stream_;  ///< Of all of SHA256SUMS that is hashed.
  std::uint64_t lines_ = 0;
};

}  // namespace salus::trial
