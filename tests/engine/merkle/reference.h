// Trees by the letter of RFC 9162 section 2.1, over OpenSSL: recursion on ranges, with a memory.
#pragma once

#include <openssl/evp.h>

#include <bit>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/merkle/tree.h"
#include "tests/support/reference_tree.h"

namespace salus::merkle::reference {

inline Digest sha256(const std::string& bytes) {
  Digest out;
  EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr, EVP_sha256(), nullptr);
  return out;
}

inline std::string text(const Digest& digest) { return {digest.begin(), digest.end()}; }

inline Digest sha256d(const std::string& bytes) { return sha256(text(sha256(bytes))); }

inline Digest leaf(const std::string& entry) { return sha256(std::string(1, '\0').append(entry)); }

inline Digest node(const Digest& left, const Digest& right) {
  return sha256(std::string(1, '\1').append(text(left)).append(text(right)));
}

/// The functions MTH, PATH, PROOF and SUBPROOF of the standard over a fixed list of entries.
class Rfc9162 {
 public:
  explicit Rfc9162(std::vector<std::string> entries) : entries_(std::move(entries)) {}

  Digest root(std::size_t size) { return size == 0 ? sha256("") : hash(0, size); }

  std::vector<Digest> path(std::size_t index, std::size_t size) { return path(index, 0, size); }

  std::vector<Digest> proof(std::size_t old_size, std::size_t size) {
    if (old_size == 0 || old_size == size) return {};
    return subproof(old_size, 0, size, true);
  }

 private:
  static std::size_t split(std::size_t n) { return std::bit_ceil(n) / 2; }

  Digest hash(std::size_t begin, std::size_t end) {
    if (end - begin == 1) return leaf(entries_[begin]);
    const auto found = known_.find({begin, end});
    if (found != known_.end()) return found->second;
    const std::size_t middle = begin + split(end - begin);
    const Digest out = node(hash(begin, middle), hash(middle, end));
    known_.emplace(std::pair(begin, end), out);
    return out;
  }

  std::vector<Digest> path(std::size_t index, std::size_t begin, std::size_t end) {
    if (end - begin == 1) return {};
    const std::size_t middle = begin + split(end - begin);
    const bool left = index < middle;
    std::vector<Digest> out = left ? path(index, begin, middle) : path(index, middle, end);
    out.push_back(left ? hash(middle, end) : hash(begin, middle));
    return out;
  }

  std::vector<Digest> subproof(std::size_t old_end, std::size_t begin, std::size_t end,
                               bool whole) {
    if (old_end == end)
      return whole ? std::vector<Digest>{} : std::vector<Digest>{hash(begin, end)};
    const std::size_t middle = begin + split(end - begin);
    const bool left = old_end <= middle;
    std::vector<Digest> out =
        left ? subproof(old_end, begin, middle, whole) : subproof(old_end, middle, end, false);
    out.push_back(left ? hash(middle, end) : hash(begin, middle));
    return out;
  }

  std::vector<std::string> entries_;
  std::map<std::pair<std::size_t, std::size_t>, Digest> known_;
};

/// A tree with every level, as the engine leaves it.
inline Tree tree_of(TreeKind kind, std::vector<Digest> leaves) {
  std::vector<Digest> levels = test::ReferenceTree(kind).levels(leaves);
  return Tree(kind, std::move(leaves), std::move(levels));
}

/// "entry 0", "entry 1", ...
inline std::vector<std::string> entries(std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back("entry " + std::to_string(i));
  return out;
}

/// Leaf hashes over `entries`.
inline std::vector<Digest> leaves(const std::vector<std::string>& entries) {
  std::vector<Digest> out;
  for (const std::string& entry : entries) out.push_back(leaf(entry));
  return out;
}

}  // namespace salus::merkle::reference
