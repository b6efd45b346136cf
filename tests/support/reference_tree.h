// Merkle trees by the definitions of RFC 9162 (section 2.1.1) and of Bitcoin, one node at a time,
// over OpenSSL alone: nothing of the engine's takes part.
#pragma once

#include <openssl/evp.h>

#include <initializer_list>
#include <memory>
#include <span>
#include <vector>

#include "engine/device.h"

namespace salus::test {

/// Used by one thread at a time.
class ReferenceTree {
 public:
  explicit ReferenceTree(engine::TreeKind kind);

  [[nodiscard]] Digest leaf(Bytes entry) const;
  [[nodiscard]] std::vector<Digest> leaves(const engine::MessageView& entries) const;
  [[nodiscard]] Digest node(const Digest& left, const Digest& right) const;

  /// RFC 9162: a recursion that splits at the largest power of two below the size. Bitcoin: level
  /// by level, with an odd node hashed with itself. At least one leaf.
  [[nodiscard]] Digest root(std::span<const Digest> leaves) const;

  /// The level above `level`.
  [[nodiscard]] std::vector<Digest> parents(std::span<const Digest> level) const;
  /// All levels above `leaves`, as `Device::merkle_reduce` lays them out.
  [[nodiscard]] std::vector<Digest> levels(std::span<const Digest> leaves) const;

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
  };

  /// Of all parts, one after the other.
  [[nodiscard]] Digest sha256(std::initializer_list<Bytes> parts) const;

  engine::TreeKind kind_;
  std::unique_ptr<EVP_MD_CTX, Free> context_;
  std::unique_ptr<EVP_MD, Free> algorithm_;
};

}  // namespace salus::test
