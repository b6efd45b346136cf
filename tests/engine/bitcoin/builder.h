// Small valid blocks for tests, put together by hand over OpenSSL alone.
#pragma once

#include <openssl/evp.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "engine/pow/header.h"
#include "tests/support/places.h"
#include "tests/support/reference_tree.h"

namespace salus::bitcoin::test {

using Data = std::vector<std::uint8_t>;

inline Data read_file(const std::string& name) {
  std::ifstream file(salus::test::test_data("bitcoin/" + name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void append(Data& out, const Data& more) { out.insert(out.end(), more.begin(), more.end()); }

inline Data join(const std::vector<Data>& parts) {
  Data out;
  for (const Data& part : parts) append(out, part);
  return out;
}

inline Data number(std::uint64_t value, unsigned width) {
  Data out;
  for (unsigned i = 0; i < width; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  return out;
}

inline Digest sha256d(const Data& bytes) {
  Digest out;
  EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr, EVP_sha256(), nullptr);
  EVP_Digest(out.data(), out.size(), out.data(), nullptr, EVP_sha256(), nullptr);
  return out;
}

/// A transaction with one input and one output; `seed` makes it unique.
struct TransactionPlan {
  bool coinbase = false;
  bool witness = false;
  std::uint32_t seed = 0;

  [[nodiscard]] Data body() const {
    const Data outpoint =
        coinbase ? join({Data(32, 0), Data(4, 0xff)}) : join({Data(32, 0x11), number(seed, 4)});
    const Data script = join({{4}, number(seed, 4)});
    return join({{1}, outpoint, script, Data(4, 0xff), {1}, number(50, 8), {1, 0x51}});
  }
  /// What its id is the hash of.
  [[nodiscard]] Data stripped() const { return join({number(2, 4), body(), number(0, 4)}); }
  [[nodiscard]] Data bytes() const {
    if (!witness) return stripped();
    return join({number(2, 4), {0, 1}, body(), {2, 3, 0xaa, 0xbb, 0xcc, 0}, number(0, 4)});
  }
};

inline std::vector<TransactionPlan> plans(std::size_t count, bool witness = false) {
  std::vector<TransactionPlan> out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back({i == 0, witness, static_cast<std::uint32_t>(i + 1000 * count)});
  return out;
}

inline Digest bitcoin_root(const std::vector<TransactionPlan>& transactions) {
  std::vector<Digest> ids;
  for (const auto& transaction : transactions) ids.push_back(sha256d(transaction.stripped()));
  return salus::test::ReferenceTree(engine::TreeKind::bitcoin).root(ids);
}

constexpr std::uint32_t kRegtestBits = 0x207fffff;

/// The header with a nonce that gives it work.
inline pow::Header mined(pow::Header header) {
  while (!pow::meets(header, pow::decode_bits(header.bits).target)) ++header.nonce;
  return header;
}

inline pow::Header header_after(const Digest& previous, const Digest& root) {
  pow::Header header;
  header.version = 4;
  header.previous = previous;
  header.merkle_root = root;
  header.time = 1500000000;
  header.bits = kRegtestBits;
  return mined(header);
}

inline Data bytes_of(const pow::Header& header) {
  const auto bytes = pow::serialise(header);
  return {bytes.begin(), bytes.end()};
}

/// Header and transactions as they are, whether they belong together or not.
inline Data block_of(const pow::Header& header, const std::vector<TransactionPlan>& transactions) {
  Data out = bytes_of(header);
  out.push_back(static_cast<std::uint8_t>(transactions.size()));  // fewer than 253
  for (const auto& transaction : transactions) append(out, transaction.bytes());
  return out;
}

inline Data valid_block(const Digest& previous, const std::vector<TransactionPlan>& transactions) {
  return block_of(header_after(previous, bitcoin_root(transactions)), transactions);
}

inline Digest id_of(const Data& block) { return sha256d(Data(block.begin(), block.begin() + 80)); }

/// An id that no block of these tests has.
inline Digest some_id() {
  Digest out{};
  out[0] = 1;
  return out;
}

/// Blocks of growing size, each upon the one before; the first upon `previous`.
inline std::vector<Data> chain(std::size_t length, Digest previous = {}, bool witness = false) {
  std::vector<Data> out;
  for (std::size_t i = 0; i < length; ++i) {
    out.push_back(valid_block(previous, plans(1 + i % 9, witness)));
    previous = id_of(out.back());
  }
  return out;
}

/// As Bitcoin Core's block files of regtest hold it.
inline Data framed(const Data& block) {
  return join({{0xfa, 0xbf, 0xb5, 0xda}, number(block.size(), 4), block});
}

inline Data sequence(const std::vector<Data>& blocks) {
  Data out;
  for (const Data& block : blocks) append(out, framed(block));
  return out;
}

}  // namespace salus::bitcoin::test
