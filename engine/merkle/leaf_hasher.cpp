#include "engine/merkle/leaf_hasher.h"

#include <openssl/evp.h>

#include <memory>
#include <utility>

#include "engine/error.h"
#include "engine/openssl_sha256.h"

namespace salus::merkle {
namespace {

constexpr std::uint8_t kLeafPrefix = 0x00;
// Entries are hashed as soon as so many bytes, or so many entries, are together. A single entry
// that is longer is hashed by itself, piece by piece.
constexpr std::size_t kMaxBytes = std::size_t{32} << 20;
constexpr std::size_t kMaxEntries = std::size_t{1} << 20;
constexpr std::size_t kPiece = std::size_t{1} << 16;

/// SHA-256 of what comes in pieces, by OpenSSL.
class Stream {
 public:
  Stream() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    check(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }
  void update(Bytes bytes) {
    check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  }
  Digest finish() {
    Digest out;
    check(EVP_DigestFinal_ex(context_.get(), out.data(), nullptr) == 1);
    return out;
  }

 private:
  static void check(bool good) {
    if (!good) throw Error(ErrorKind::system, "OpenSSL cannot compute SHA-256");
  }
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

}  // namespace

LeafHasher::LeafHasher(engine::Engine& engine, TreeKind kind, engine::JobControl control)
    : engine_(engine), kind_(kind), control_{std::move(control.stop), {}} {}

void LeafHasher::begin_entry() {
  if (kind_ == TreeKind::rfc9162) bytes_.push_back(kLeafPrefix);
}

void LeafHasher::end_entry() {
  ends_.push_back(bytes_.size());
  if (bytes_.size() >= kMaxBytes || ends_.size() >= kMaxEntries) hash_collected();
}

void LeafHasher::add(Bytes entry) {
  begin_entry();
  bytes_.insert(bytes_.end(), entry.begin(), entry.end());
  end_entry();
}

void LeafHasher::add(ByteSource& entry) {
  const std::size_t begin = bytes_.size();
  begin_entry();
  try {
    for (;;) {
      const std::size_t filled = bytes_.size();
      bytes_.resize(filled + kPiece);
      const std::size_t size = entry.read(std::span(bytes_).subspan(filled));
      bytes_.resize(filled + size);
      if (size == 0) return end_entry();
      if (bytes_.size() - begin < kMaxBytes) continue;
      const Digest leaf = hash_long(entry, begin);
      bytes_.resize(begin);
      return add_leaf(leaf);
    }
  } catch (...) {
    bytes_.resize(begin);
    throw;
  }
}

/// Of the entry that begins at `begin` in `bytes_` and goes on in `rest`.
Digest LeafHasher::hash_long(ByteSource& rest, std::size_t begin) {
  Stream stream;
  stream.update(Bytes(bytes_).subspan(begin));
  std::vector<std::uint8_t> piece(kPiece);
  while (const std::size_t size = rest.read(piece)) {
    if (control_.stop.stop_requested()) throw Cancelled();
    stream.update(Bytes(piece).first(size));
  }
  const Digest once = stream.finish();
  return kind_ == TreeKind::rfc9162 ? once : openssl_sha256(once);
}

void LeafHasher::add_leaf(const Digest& leaf) {
  hash_collected();
  leaves_.push_back(leaf);
}

void LeafHasher::hash_collected() {
  if (ends_.empty()) return;
  std::vector<Bytes> entries;
  entries.reserve(ends_.size());
  std::size_t begin = 0;
  for (const std::size_t end : ends_) {
    entries.push_back(Bytes(bytes_).subspan(begin, end - begin));
    begin = end;
  }
  const std::size_t first = leaves_.size();
  leaves_.resize(first + entries.size());
  const std::span<Digest> leaves = std::span(leaves_).subspan(first);
  engine_.hash_many(engine::MessageView::scattered(entries), leaves, control_);
  if (kind_ == TreeKind::bitcoin) {
    const std::vector<Digest> once(leaves.begin(), leaves.end());
    const Bytes bytes(once.front().data(), once.size() * sizeof(Digest));
    engine_.hash_many(engine::MessageView::fixed(bytes, sizeof(Digest)), leaves, control_);
  }
  bytes_.clear();
  ends_.clear();
}

std::vector<Digest> LeafHasher::finish() {
  hash_collected();
  return std::exchange(leaves_, {});
}

}  // namespace salus::merkle
