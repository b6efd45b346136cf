#include "trial/records/index_writer.h"

#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <numeric>
#include <system_error>

#include "engine/error.h"
#include "trial/records/index_format.h"

namespace salus::trial {

using namespace index_format;

static_assert(std::endian::native == std::endian::little,
              "an index is written as it lies in memory");

/// Bytes on their way to the file, with their checksum and how many there were.
struct IndexWriter::Output {
  explicit Output(int file) : descriptor(file), checksum(XXH3_createState(), XXH3_freeState) {
    if (checksum == nullptr) throw std::bad_alloc();
    buffer.reserve(kBuffer);
    restart_checksum();
  }

  void restart_checksum() { XXH3_64bits_reset(checksum.get()); }
  [[nodiscard]] std::uint64_t checksum_value() const { return XXH3_64bits_digest(checksum.get()); }

  void put(const void* from, std::size_t size) {
    if (size == 0) return;
    XXH3_64bits_update(checksum.get(), from, size);
    position += size;
    const auto* bytes = static_cast<const std::uint8_t*>(from);
    if (buffer.size() + size > kBuffer) flush();
    if (size > kBuffer) return write_all({bytes, size});
    buffer.insert(buffer.end(), bytes, bytes + size);
  }
  template <typename T>
  void put(const std::vector<T>& values) {
    put(values.data(), values.size() * sizeof(T));
  }

  void flush() {
    write_all(buffer);
    buffer.clear();
  }

  void write_all(Bytes bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0)
        throw Error(ErrorKind::system, "the record index cannot be written: " +
                                           std::generic_category().message(errno));
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  static constexpr std::size_t kBuffer = std::size_t{1} << 20;

  int descriptor;
  std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> checksum;
  std::vector<std::uint8_t> buffer;
  std::uint64_t position = 0;
};

IndexWriter::IndexWriter(int descriptor, bool has_cells, const engine::cpu::BlockHasher& hasher)
    : output_(std::make_unique<Output>(descriptor)), has_cells_(has_cells), hasher_(hasher) {
  output_->put(kMagic.data(), kMagic.size());
}

IndexWriter::~IndexWriter() = default;

void IndexWriter::add_restart(std::uint64_t offset) {
  restarts_.push_back(records_);
  restarts_.push_back(offset);
}

void IndexWriter::add(IndexedRecords records) {
  while (!records.leaves.empty()) {
    records_ += take(records);
    if (leaves_.size() == kBlockRecords) end_block();
  }
}

namespace {

template <typename T>
void move_front(std::vector<T>& to, std::span<const T>& from, std::size_t count) {
  to.insert(to.end(), from.begin(), from.begin() + static_cast<std::ptrdiff_t>(count));
  from = from.subspan(count);
}

}  // namespace

/// Moves as many records from the front as the block has room for.
std::size_t IndexWriter::take(IndexedRecords& records) {
  const std::size_t count = std::min(kBlockRecords - leaves_.size(), records.leaves.size());
  move_front(leaves_, records.leaves, count);
  move_front(contents_, records.contents, count);
  move_front(keys_, records.keys, count);
  if (!has_cells_) return count;
  const auto counts = records.cell_counts.first(count);
  const std::size_t cells = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
  move_front(layouts_, records.layouts, count);
  move_front(cell_counts_, records.cell_counts, count);
  move_front(cells_, records.cells, cells);
  return count;
}

void IndexWriter::end_block() {
  positions_.push_back(output_->position);
  positions_.push_back(cells_.size());
  output_->put(leaves_);
  output_->put(contents_);
  output_->put(keys_);
  output_->put(layouts_);
  output_->put(cell_counts_);
  output_->put(cells_);
  roots_.push_back(hasher_.root(std::move(leaves_)));
  leaves_.clear();
  contents_.clear();
  keys_.clear();
  layouts_.clear();
  cell_counts_.clear();
  cells_.clear();
}

Digest IndexWriter::finish(Bytes sealed_layouts) {
  if (!leaves_.empty()) end_block();
  Trailer trailer{};
  trailer.flags = has_cells_ ? kHasCells : 0;
  trailer.records = records_;
  trailer.blocks_end = output_->position;
  trailer.layouts_bytes = sealed_layouts.size();
  trailer.restarts = restarts_.size() / 2;
  trailer.blocks_checksum = output_->checksum_value();
  output_->restart_checksum();
  output_->put(sealed_layouts.data(), sealed_layouts.size());
  output_->put(restarts_);
  for (std::size_t i = 0; i < roots_.size(); ++i) {
    const DirectoryEntry entry{positions_[2 * i], positions_[2 * i + 1], roots_[i]};
    output_->put(&entry, sizeof entry);
  }
  trailer.root = hasher_.root(roots_);
  output_->put(&trailer, offsetof(Trailer, end_checksum));
  trailer.end_checksum = output_->checksum_value();
  output_->put(&trailer.end_checksum, sizeof trailer.end_checksum);
  output_->flush();
  return trailer.root;
}

}  // namespace salus::trial
