#include "trial/records/record_index.h"

#include <sys/stat.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <span>
#include <system_error>

#include "engine/cpu/block_hasher.h"
#include "engine/error.h"
#include "engine/merkle/tree.h"
#include "trial/records/index_format.h"

namespace salus::trial {

using namespace index_format;
static_assert(RecordIndex::kBlockRecords == index_format::kBlockRecords);

struct RecordIndex::Impl {
  files::Descriptor file;
  std::string name;
  Trailer trailer{};
  std::vector<std::uint8_t> layouts;
  std::vector<index_format::Restart> restarts;
  std::vector<DirectoryEntry> directory;
  engine::cpu::BlockHasher hasher{};

  [[noreturn]] void damaged(const std::string& what) const {
    throw Error(ErrorKind::input, name + ": damaged: " + what);
  }

  void read(std::uint64_t position, void* to, std::size_t size) const {
    auto* bytes = static_cast<std::uint8_t*>(to);
    while (size > 0) {
      const ssize_t got = pread(file.number(), bytes, size, static_cast<off_t>(position));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0)
        throw Error(ErrorKind::system, name + ": " + std::generic_category().message(errno));
      if (got == 0) damaged("it ends too early");
      bytes += got;
      position += static_cast<std::uint64_t>(got);
      size -= static_cast<std::size_t>(got);
    }
  }
  template <typename T>
  void append(std::uint64_t position, std::uint64_t count, std::vector<T>& out) const {
    const std::size_t before = out.size();
    out.resize(before + count);
    if (count != 0) read(position, &out[before], count * sizeof(T));
  }

  [[nodiscard]] std::uint64_t file_size() const {
    struct stat status {};
    if (fstat(file.number(), &status) != 0)
      throw Error(ErrorKind::system, name + ": " + std::generic_category().message(errno));
    return static_cast<std::uint64_t>(status.st_size);
  }

  [[nodiscard]] bool has_cells() const { return (trailer.flags & kHasCells) != 0; }
  [[nodiscard]] std::uint64_t records_in(std::uint64_t block) const {
    return std::min(kBlockRecords, trailer.records - block * kBlockRecords);
  }

  void read_end();
  void check_end(std::uint64_t end_bytes) const;
  void check_directory() const;
};

/// Everything behind the blocks. Sizes are compared with the file's before they are believed.
void RecordIndex::Impl::read_end() {
  const std::uint64_t size = file_size();
  std::array<char, kMagic.size()> magic;
  if (size < sizeof magic + sizeof trailer)
    throw Error(ErrorKind::input, name + ": is no record index");
  read(0, magic.data(), magic.size());
  if (std::string_view(magic.data(), magic.size()) != kMagic) {
    const bool other_version = std::string_view(magic.data(), magic.size())
                                   .starts_with(kMagic.substr(0, kMagic.size() - 2));
    throw Error(ErrorKind::input,
                name + (other_version ? ": is of another version" : ": is no record index"));
  }
  const std::uint64_t end = size - sizeof trailer;
  read(end, &trailer, sizeof trailer);
  if (trailer.flags > kHasCells || trailer.records > size || trailer.blocks_end > end ||
      trailer.layouts_bytes > size || trailer.restarts > size)
    damaged("its last bytes");
  const std::uint64_t blocks = (trailer.records + kBlockRecords - 1) / kBlockRecords;
  if (trailer.blocks_end + trailer.layouts_bytes +
          trailer.restarts * sizeof(index_format::Restart) + blocks * sizeof(DirectoryEntry) !=
      end)
    damaged("its last bytes");
  std::uint64_t position = trailer.blocks_end;
  append(position, trailer.layouts_bytes, layouts);
  position += trailer.layouts_bytes;
  append(position, trailer.restarts, restarts);
  position += trailer.restarts * sizeof(index_format::Restart);
  append(position, blocks, directory);
  check_end(size - sizeof trailer.end_checksum - trailer.blocks_end);
  check_directory();
}

void RecordIndex::Impl::check_end(std::uint64_t end_bytes) const {
  std::vector<std::uint8_t> bytes;
  append(trailer.blocks_end, end_bytes, bytes);
  if (XXH3_64bits(bytes.data(), bytes.size()) != trailer.end_checksum) damaged("its last bytes");
}

/// Blocks lie one behind the other, and their roots lead to the root.
void RecordIndex::Impl::check_directory() const {
  std::uint64_t position = kMagic.size();
  std::vector<Digest> roots;
  for (std::uint64_t i = 0; i < directory.size(); ++i) {
    const DirectoryEntry& entry = directory[i];
    if (entry.position != position || entry.cells > trailer.blocks_end / 8 ||
        (entry.cells != 0 && !has_cells()))
      damaged("its directory");
    position += block_bytes(records_in(i), has_cells(), entry.cells);
    if (position > trailer.blocks_end) damaged("its directory");
    roots.push_back(entry.root);
  }
  if (position != trailer.blocks_end) damaged("its directory");
  if (hasher.root(std::move(roots)) != trailer.root) damaged("its directory");
}

RecordIndex::RecordIndex(files::Descriptor file, std::string name)
    : impl_(std::make_unique<Impl>()) {
  impl_->file = std::move(file);
  impl_->name = std::move(name);
  impl_->read_end();
}

RecordIndex::~RecordIndex() = default;
RecordIndex::RecordIndex(RecordIndex&&) noexcept = default;
RecordIndex& RecordIndex::operator=(RecordIndex&&) noexcept = default;

const std::string& RecordIndex::name() const { return impl_->name; }
std::uint64_t RecordIndex::size() const { return impl_->trailer.records; }
bool RecordIndex::has_cells() const { return impl_->has_cells(); }
const Digest& RecordIndex::root() const { return impl_->trailer.root; }
std::uint64_t RecordIndex::blocks() const { return impl_->directory.size(); }
Bytes RecordIndex::sealed_layouts() const { return impl_->layouts; }

std::uint64_t RecordIndex::records_in(std::uint64_t block) const {
  return impl_->records_in(block);
}

void RecordIndex::read_leaves(std::uint64_t block, std::vector<Digest>& out) const {
  const DirectoryEntry& entry = impl_->directory[block];
  out.clear();
  impl_->append(entry.position, records_in(block), out);
  if (impl_->hasher.root(out) != entry.root)
    impl_->damaged("the leaves of block " + std::to_string(block));
}

Digest RecordIndex::read_leaf(std::uint64_t record) const {
  const std::uint64_t begin = impl_->directory[record / kBlockRecords].position;
  Digest out;
  impl_->read(begin + sizeof out * (record % kBlockRecords), out.data(), sizeof out);
  return out;
}

void RecordIndex::read_fingerprints(std::uint64_t block, IndexFingerprints& out) const {
  const std::uint64_t count = records_in(block);
  const std::uint64_t position = impl_->directory[block].position + sizeof(Digest) * count;
  impl_->append(position, count, out.contents);
  impl_->append(position + 8 * count, count, out.keys);
}

void RecordIndex::read_cells(std::uint64_t block, IndexCells& out) const {
  assert(has_cells());
  const DirectoryEntry& entry = impl_->directory[block];
  const std::uint64_t count = records_in(block);
  const std::uint64_t position = entry.position + block_bytes(count, false, 0);
  out = {};
  impl_->append(position, count, out.layouts);
  impl_->append(position + 4 * count, count, out.counts);
  std::uint64_t cells = 0;
  for (const std::uint32_t of_record : out.counts) cells += of_record;
  if (cells != entry.cells) impl_->damaged("the cells of block " + std::to_string(block));
  impl_->append(position + 8 * count, cells, out.digests);
}

void RecordIndex::check() const {
  struct Free {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  const std::unique_ptr<XXH3_state_t, Free> checksum(XXH3_createState());
  if (checksum == nullptr) throw std::bad_alloc();
  XXH3_64bits_reset(checksum.get());
  std::vector<std::uint8_t> bytes;
  const auto add = [&](std::uint64_t position, std::uint64_t size) {
    bytes.clear();
    impl_->append(position, size, bytes);
    XXH3_64bits_update(checksum.get(), bytes.data(), bytes.size());
  };
  add(0, kMagic.size());
  std::vector<Digest> leaves;
  for (std::uint64_t block = 0; block < blocks(); ++block) {
    read_leaves(block, leaves);
    const DirectoryEntry& entry = impl_->directory[block];
    add(entry.position, block_bytes(records_in(block), has_cells(), entry.cells));
  }
  if (XXH3_64bits_digest(checksum.get()) != impl_->trailer.blocks_checksum)
    impl_->damaged("what finds records and variables");
}

namespace {

/// The tree over leaf hashes with all its levels.
merkle::Tree tree_over(std::vector<Digest> leaves, const engine::cpu::BlockHasher& hasher) {
  std::vector<Digest> levels;
  std::vector<Digest> below = leaves;
  while (below.size() > 1) {
    const std::size_t pairs = below.size() / 2;
    std::vector<Digest> above(below.size() - pairs);
    hasher.nodes(below.data(), pairs, above.data());
    if (above.size() > pairs) above.back() = below.back();
    levels.insert(levels.end(), above.begin(), above.end());
    below = std::move(above);
  }
  return {merkle::TreeKind::rfc9162, std::move(leaves), std::move(levels)};
}

void require_record(const std::string& name, std::uint64_t record, std::uint64_t size) {
  if (record >= size)
    throw Error(ErrorKind::usage, name + ": has " + std::to_string(size) + " records, none is " +
                                      "number " + std::to_string(record));
}

}  // namespace

Digest RecordIndex::leaf(std::uint64_t record) const {
  require_record(impl_->name, record, size());
  std::vector<Digest> leaves;
  read_leaves(record / kBlockRecords, leaves);
  return leaves[record % kBlockRecords];
}

std::vector<Digest> RecordIndex::path(std::uint64_t record) const {
  require_record(impl_->name, record, size());
  const std::uint64_t block = record / kBlockRecords;
  std::vector<Digest> leaves;
  read_leaves(block, leaves);
  std::vector<Digest> out =
      tree_over(std::move(leaves), impl_->hasher).inclusion_proof(record % kBlockRecords);
  std::vector<Digest> roots;
  for (const DirectoryEntry& entry : impl_->directory) roots.push_back(entry.root);
  const std::vector<Digest> above =
      tree_over(std::move(roots), impl_->hasher).inclusion_proof(block);
  out.insert(out.end(), above.begin(), above.end());
  return out;
}

std::optional<RecordIndex::Restart> RecordIndex::restart_before(std::uint64_t record) const {
  const auto after =
      std::ranges::upper_bound(impl_->restarts, record, {}, &index_format::Restart::record);
  if (after == impl_->restarts.begin()) return std::nullopt;
  return Restart{std::prev(after)->record, std::prev(after)->offset};
}

}  // namespace salus::trial
