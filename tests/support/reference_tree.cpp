#include "tests/support/reference_tree.h"

#include <algorithm>
#include <bit>

namespace salus::test {
namespace {

using engine::TreeKind;

constexpr std::uint8_t kLeafPrefix[] = {0x00};
constexpr std::uint8_t kNodePrefix[] = {0x01};

}  // namespace

ReferenceTree::ReferenceTree(TreeKind kind)
    : kind_(kind),
      context_(EVP_MD_CTX_new()),
      algorithm_(EVP_MD_fetch(nullptr, "SHA256", nullptr)) {}

Digest ReferenceTree::sha256(std::initializer_list<Bytes> parts) const {
  EVP_DigestInit_ex(context_.get(), algorithm_.get(), nullptr);
  for (const Bytes part : parts) EVP_DigestUpdate(context_.get(), part.data(), part.size());
  Digest out;
  EVP_DigestFinal_ex(context_.get(), out.data(), nullptr);
  return out;
}

Digest ReferenceTree::leaf(Bytes entry) const {
  if (kind_ == TreeKind::rfc9162) return sha256({{kLeafPrefix}, entry});
  Digest out;
  std::ranges::copy(entry, out.begin());
  return out;
}

std::vector<Digest> ReferenceTree::leaves(const engine::MessageView& entries) const {
  std::vector<Digest> out(entries.count());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = leaf(entries[i]);
  return out;
}

Digest ReferenceTree::node(const Digest& left, const Digest& right) const {
  if (kind_ == TreeKind::rfc9162) return sha256({{kNodePrefix}, left, right});
  return sha256({sha256({left, right})});
}

Digest ReferenceTree::root(std::span<const Digest> leaves) const {
  if (leaves.size() == 1) return leaves.front();
  if (kind_ == TreeKind::bitcoin) return root(parents(leaves));
  const std::size_t left = std::bit_ceil(leaves.size()) / 2;
  return node(root(leaves.first(left)), root(leaves.subspan(left)));
}

std::vector<Digest> ReferenceTree::parents(std::span<const Digest> level) const {
  std::vector<Digest> out;
  for (std::size_t i = 0; i + 1 < level.size(); i += 2) out.push_back(node(level[i], level[i + 1]));
  if (level.size() % 2 != 0)
    out.push_back(kind_ == TreeKind::rfc9162 ? level.back() : node(level.back(), level.back()));
  return out;
}

std::vector<Digest> ReferenceTree::levels(std::span<const Digest> leaves) const {
  std::vector<Digest> out;
  std::vector<Digest> level(leaves.begin(), leaves.end());
  while (level.size() > 1) {
    level = parents(level);
    out.insert(out.end(), level.begin(), level.end());
  }
  return out;
}

}  // namespace salus::test
