#include "trial/seal/begun_log.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "engine/files/opened_file.h"
#include "engine/openssl_sha256.h"
#include "trial/seal/folder_reader.h"

namespace salus::trial {
namespace {

/// What a part begins with; leaf hashes of its chunks and the digest follow. In the order of bytes
/// that the machine has: a log does not leave it.
struct Head {
  std::uint64_t name;
  std::uint64_t device;
  std::uint64_t inode;
  std::uint64_t size;
  std::int64_t modified_ns;
  std::int64_t changed_ns;
  std::uint64_t first;
  std::uint64_t count;
  std::uint64_t stream_length;
  std::array<std::uint32_t, 8> stream_state;
};
static_assert(sizeof(Head) == 9 * 8 + 8 * 4, "no padding: all of its bytes are written");

template <typename Part>
Bytes bytes_of(const Part& part) {
  return {reinterpret_cast<const std::uint8_t*>(&part), sizeof part};
}
Bytes bytes_of(std::span<const Digest> leaves) {
  return {reinterpret_cast<const std::uint8_t*>(leaves.data()), leaves.size_bytes()};
}

Digest chained(const Digest& before, const Head& head, std::span<const Digest> leaves) {
  std::vector<std::uint8_t> text;
  for (const Bytes bytes : {Bytes(before), bytes_of(head), bytes_of(leaves)})
    text.insert(text.end(), bytes.begin(), bytes.end());
  return openssl_sha256(text);
}

Head head_of(std::uint64_t name, const BegunPart& part) {
  Head head{.name = name,
            .device = part.identity.device,
            .inode = part.identity.inode,
            .size = part.identity.size,
            .modified_ns = part.identity.modified_ns,
            .changed_ns = part.identity.changed_ns,
            .first = part.first,
            .count = part.chunks.size(),
            .stream_length = part.stream.length,
            .stream_state = {}};
  std::ranges::copy(part.stream.state, head.stream_state.begin());
  return head;
}

FileIdentity identity_in(const Head& head) {
  return {.device = head.device,
          .inode = head.inode,
          .size = head.size,
          .modified_ns = head.modified_ns,
          .changed_ns = head.changed_ns};
}

/// Whole blocks only, so that none waits in it.
engine::HashStream stream_in(const Head& head) {
  engine::HashStream out;
  std::ranges::copy(head.stream_state, std::begin(out.state));
  out.length = head.stream_length;
  return out;
}

/// Reads a log from front to back, and no further than it may.
class LogReader {
 public:
  LogReader(const std::filesystem::path& path, std::uint64_t limit)
      : folder_(std::filesystem::absolute(path).parent_path()),
        name_(path.filename().string()),
        descriptor_(folder_.open(name_)) {
    if (!descriptor_.is_open()) return;
    struct stat status {};
    if (fstat(descriptor_.number(), &status) != 0) folder_.refuse(name_, errno);
    left_ = std::min(limit, static_cast<std::uint64_t>(status.st_size));
  }

  [[nodiscard]] std::uint64_t left() const { return left_; }

  /// False where there is not so much.
  bool read(std::span<std::uint8_t> out) {
    if (out.size() > left_) return false;
    left_ -= out.size();
    const files::ReadResult result = files::read_full(descriptor_.number(), out);
    if (result.error != 0) folder_.refuse(name_, result.error);
    return result.count == out.size();
  }

 private:
  FolderReader folder_;
  std::string name_;
  files::Descriptor descriptor_;
  std::uint64_t left_ = 0;
};

/// The next part, if one is there as a whole and follows those that make up `chain`.
bool read_part(LogReader& reader, Digest& chain, Head& head, std::vector<Digest>& leaves) {
  if (!reader.read({reinterpret_cast<std::uint8_t*>(&head), sizeof head})) return false;
  if (head.count > reader.left() / sizeof(Digest)) return false;
  leaves.resize(head.count);
  Digest digest;
  if (!reader.read({reinterpret_cast<std::uint8_t*>(leaves.data()), leaves.size() * sizeof digest}))
    return false;
  if (!reader.read(digest) || digest != chained(chain, head, leaves)) return false;
  chain = digest;
  return true;
}

/// A part either begins with its file, or goes on where the one before it ended.
void add(BegunFiles& files, const Head& head, std::span<const Digest> leaves) {
  const FileIdentity identity = identity_in(head);
  if (head.first == 0) files[head.name] = {identity, {}, {}};
  const auto found = files.find(head.name);
  if (found == files.end()) return;
  BegunFile& file = found->second;
  if (file.identity != identity || file.chunks.size() != head.first) {
    files.erase(found);
    return;
  }
  file.chunks.insert(file.chunks.end(), leaves.begin(), leaves.end());
  file.stream = stream_in(head);
}

}  // namespace

BegunLog::BegunLog(std::filesystem::path path, std::string_view run)
    : path_(std::move(path)), chain_(openssl_sha256(as_bytes(run))) {}

BegunFiles BegunLog::load(std::uint64_t limit,
                          const std::function<bool(std::uint64_t name)>& is_wanted) {
  BegunFiles files;
  LogReader reader(path_, limit);
  Head head{};
  std::vector<Digest> leaves;
  while (read_part(reader, chain_, head, leaves)) {
    size_ += sizeof head + leaves.size() * sizeof(Digest) + sizeof(Digest);
    if (is_wanted(head.name)) add(files, head, leaves);
  }
  return files;
}

void BegunLog::append(std::uint64_t name, const BegunPart& part) {
  using Mode = OutputFile::Mode;
  if (!file_) file_.emplace(path_, size_ == 0 ? Mode::create : Mode::go_on, size_);
  const Head head = head_of(name, part);
  chain_ = chained(chain_, head, part.chunks);
  file_->append(bytes_of(head));
  file_->append(bytes_of(part.chunks));
  file_->append(Bytes(chain_));
  size_ = file_->size();
}

void BegunLog::sync() {
  if (file_) file_->sync();
}

}  // namespace salus::trial
