#include "trial/seal/seal_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <future>
#include <numeric>
#include <set>
#include <utility>

#include "engine/error.h"
#include "engine/files/opened_file.h"
#include "trial/seal/output_file.h"
#include "trial/seal/seal_tree.h"
#include "trial/seal/sums.h"

namespace salus::trial {
namespace {

/// Far more than any study has: about 100 million files.
constexpr std::uint64_t kMaxSums = std::uint64_t{16} << 30;

/// Of all files: 8 ZiB.
constexpr std::uint64_t kMaxChunks = std::uint64_t{1} << 53;

std::string read_sums_file(const FolderReader& folder) {
  auto text = folder.read(kSumsFile, kMaxSums);
  if (!text) folder.refuse(kSumsFile, "is not there: this is no seal");
  return std::move(*text);
}

Seal parsed(std::string_view text, const std::filesystem::path& path) {
  try {
    return read_sums(text);
  } catch (const Error& error) {
    throw Error(error.kind(), (path / error.what()).string());
  }
}

std::uint64_t size_of(const files::Descriptor& file) {
  struct stat status {};
  return fstat(file.number(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

/// Names in a folder of the seal; empty where there is none.
std::set<std::string> names_in(const std::filesystem::path& folder) {
  std::set<std::string> names;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
    names.insert(entry.path().filename().string());
  return names;
}

}  // namespace

std::string record_index_name(const SealedFile& file) {
  return std::string(kRecordsFolder) + "/" + std::to_string(file.records_entry());
}

SealFolder::SealFolder(std::filesystem::path folder, engine::CpuOptions cpu)
    : path_(std::move(folder)), folder_(path_), hasher_(cpu), text_(read_sums_file(folder_)) {
  ends_ = line_ends(text_);
  // Lines are read and hashed side by side; whoever is done reading helps to hash.
  LineHashing hashing(text_, ends_, hasher_);
  std::future<void> other = std::async(std::launch::async, [&hashing] { hashing.work(); });
  seal_ = parsed(text_, path_);
  hashing.work();
  other.get();
  root_ = hashing.root();
  leaves_ = hashing.take_leaves();

  const std::vector<SealedFile>& files = seal_.files;
  by_path_.resize(files.size());
  std::iota(by_path_.begin(), by_path_.end(), 0U);
  if (seal_.sections.size() > 1)
    std::sort(by_path_.begin(), by_path_.end(),
              [&](std::uint32_t a, std::uint32_t b) { return files[a].path < files[b].path; });
  for (std::uint32_t i = 0; i < files.size(); ++i) {
    if (!files[i].chunks) continue;
    chunked_.emplace_back(i, chunk_count_);
    chunk_count_ += files[i].chunks->count;
    if (chunk_count_ > kMaxChunks) folder_.refuse(kSumsFile, "names more chunks than can be");
  }
}

std::string_view SealFolder::entry(std::uint64_t index) const {
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1] + 1;
  return std::string_view(text_).substr(begin, ends_[index] - begin);
}

merkle::Tree SealFolder::tree() const { return tree_of_leaves(leaves_, hasher_); }

const SealedFile* SealFolder::find(std::string_view path) const {
  const auto at = std::lower_bound(
      by_path_.begin(), by_path_.end(), path,
      [&](std::uint32_t i, std::string_view p) { return seal_.files[i].path < p; });
  if (at == by_path_.end() || seal_.files[*at].path != path) return nullptr;
  return &seal_.files[*at];
}

std::vector<Digest> SealFolder::chunk_leaves(const SealedFile& file) const {
  const files::Descriptor chunks = folder_.open(kChunksFile);
  if (!chunks.is_open()) folder_.refuse(kChunksFile, "is not there");
  const auto index = static_cast<std::size_t>(&file - seal_.files.data());
  return read_chunk_leaves(chunks, index);
}

std::vector<Digest> SealFolder::read_chunk_leaves(const files::Descriptor& chunks,
                                                  std::size_t index) const {
  const SealedFile& file = seal_.files[index];
  const auto at =
      std::lower_bound(chunked_.begin(), chunked_.end(), index,
                       [](const auto& entry, std::size_t i) { return entry.first < i; });
  const std::uint64_t begin = at->second * sizeof(Digest);
  // A count that the file does not have must not decide how much memory is taken.
  if (size_of(chunks) < begin + file.chunks->count * sizeof(Digest))
    folder_.refuse(kChunksFile, "is too short for SHA256SUMS");
  std::vector<Digest> leaves(file.chunks->count);
  const std::span bytes(leaves.front().data(), leaves.size() * sizeof(Digest));
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t count = pread(chunks.number(), bytes.data() + done, bytes.size() - done,
                                static_cast<off_t>(begin + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) folder_.refuse(kChunksFile, errno);
    if (count == 0) folder_.refuse(kChunksFile, "is too short for SHA256SUMS");
    done += static_cast<std::size_t>(count);
  }
  if (root_of_leaves(leaves, hasher_) != file.chunks->root)
    folder_.refuse(kChunksFile, "is damaged: leaf hashes of " + file.path +
                                    " do not lead to the root in SHA256SUMS");
  return leaves;
}

files::Descriptor SealFolder::record_index(const SealedFile& file) const {
  const std::string name = record_index_name(file);
  files::Descriptor index = folder_.open(name);
  if (!index.is_open()) folder_.refuse(name, "is not there");
  return index;
}

std::optional<std::string> SealFolder::part(std::string_view name, std::size_t limit) const {
  return folder_.read(name, limit);
}

std::vector<std::string> SealFolder::faults() const {
  std::vector<std::string> faults;
  const auto note = [&](const auto& check) {
    try {
      check();
    } catch (const Error& error) {
      faults.emplace_back(error.what());
    }
  };
  note([&] {
    const files::Descriptor chunks = folder_.open(kChunksFile);
    if (!chunks.is_open()) {
      if (chunk_count_ != 0) folder_.refuse(kChunksFile, "is not there");
      return;
    }
    if (size_of(chunks) != chunk_count_ * sizeof(Digest))
      folder_.refuse(kChunksFile, "is not as long as SHA256SUMS says");
    for (const auto& [index, begin] : chunked_)
      note([&, i = index] { (void)read_chunk_leaves(chunks, i); });
  });
  std::set<std::string> names = names_in(path_ / kRecordsFolder);
  for (const SealedFile& file : seal_.files) {
    if (!file.records) continue;
    const std::string name = std::to_string(file.records_entry());
    if (names.erase(name) == 0)
      note([&] { folder_.refuse(record_index_name(file), "is not there"); });
  }
  for (const std::string& name : names)
    note([&] {
      folder_.refuse(std::string(kRecordsFolder) + "/" + name, "belongs to no line of SHA256SUMS");
    });
  return faults;
}

void write_part(const std::filesystem::path& seal, std::string_view name,
                std::string_view content) {
  replace_file(seal / name, content);
}

}  // namespace salus::trial
