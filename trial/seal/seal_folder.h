// A seal on disk, to read.
//
//   STUDY.seal/
//     SHA256SUMS     everything that is committed to, see sums.h
//     chunks         leaf hashes of all chunk trees in the order of the lines, 32 bytes each
//     records/N      record index of the file whose `# records` line is entry N
//     checkpoint     and other signatures over the tree's head (trial/proof)
//     ...            what was attached later: receipts, time stamps
//
// Nothing here is trusted: what is handed out follows from SHA256SUMS, or it is said which file of
// the seal is damaged. Whether SHA256SUMS is the one that was sealed, its checkpoint says.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/cpu/lane_hasher.h"
#include "engine/files/descriptor.h"
#include "engine/merkle/tree.h"
#include "trial/seal/folder_reader.h"
#include "trial/seal/seal.h"

namespace salus::trial {

inline constexpr std::string_view kChunksFile = "chunks";
inline constexpr std::string_view kRecordsFolder = "records";

/// Name within the seal of the record index of `file`: "records/17".
std::string record_index_name(const SealedFile& file);

/// An open seal. Methods that are const may be called from several threads.
class SealFolder {
 public:
  /// Reads SHA256SUMS. Throws `Error` (input) that names the seal's file for what is not there, is
  /// of another version or is damaged.
  explicit SealFolder(std::filesystem::path folder, engine::CpuOptions cpu = {});

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const Seal& seal() const { return seal_; }
  [[nodiscard]] const engine::LaneHasher& hasher() const { return hasher_; }

  /// SHA256SUMS as it is.
  [[nodiscard]] std::string_view text() const { return text_; }
  /// Entries of the tree: lines of SHA256SUMS.
  [[nodiscard]] std::uint64_t size() const { return leaves_.size(); }
  /// Entry `index` < size(): the line without its newline.
  [[nodiscard]] std::string_view entry(std::uint64_t index) const;
  [[nodiscard]] const std::vector<Digest>& leaves() const { return leaves_; }
  [[nodiscard]] const Digest& root() const { return root_; }
  [[nodiscard]] merkle::Tree tree() const;

  /// Numbers of `seal().files` in the order of their paths' bytes.
  [[nodiscard]] const std::vector<std::uint32_t>& by_path() const { return by_path_; }
  /// The file with this path, or nothing.
  [[nodiscard]] const SealedFile* find(std::string_view path) const;

  /// Leaf hashes of the chunks of `file`, which is one of `seal().files` and has some. Throws
  /// `Error` (input) when they do not lead to the root in its line.
  [[nodiscard]] std::vector<Digest> chunk_leaves(const SealedFile& file) const;

  /// The record index of `file`, open for reading. Throws `Error` (input) when it is not there.
  [[nodiscard]] files::Descriptor record_index(const SealedFile& file) const;

  /// A small file of the seal, such as "checkpoint": nothing when it is not there. Throws `Error`
  /// (input) when it is longer than `limit` or cannot be read.
  [[nodiscard]] std::optional<std::string> part(std::string_view name, std::size_t limit) const;

  /// What is wrong with files of the seal that follow from SHA256SUMS and are not handed out by
  /// now: `chunks` as a whole, names in `records/` that do not belong there. Empty when nothing is.
  [[nodiscard]] std::vector<std::string> faults() const;

 private:
  [[nodiscard]] std::vector<Digest> read_chunk_leaves(const files::Descriptor& chunks,
                                                      std::size_t file) const;

  std::filesystem::path path_;
  FolderReader folder_;
  engine::LaneHasher hasher_;
  std::string text_;
  Seal seal_;
  std::vector<std::size_t> ends_;  ///< For each line, where its newline stands.
  std::vector<Digest> leaves_;
  Digest root_{};
  std::vector<std::uint32_t> by_path_;  ///< Files in the order of their paths.
  /// Files with chunks, and where their leaves begin in `chunks`.
  std::vector<std::pair<std::uint32_t, std::uint64_t>> chunked_;
  std::uint64_t chunk_count_ = 0;  ///< Of all files.
};

/// Puts a small file into a seal, or replaces it there: whole or not at all, and synced. Throws
/// `Error` (system).
void write_part(const std::filesystem::path& seal, std::string_view name, std::string_view content);

}  // namespace salus::trial
