#include "trial/records/record_hasher.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/cbor_cursor.h"

namespace salus::trial {
namespace {

using engine::cpu::BlockHasher;
using engine::cpu::kSha256Initial;
using engine::cpu::padded_blocks;
using engine::cpu::StreamState;
using engine::cpu::write_padding;

constexpr std::size_t kBlock = BlockHasher::kBlock;
constexpr std::size_t kSaltBytes = sizeof(Salt);
constexpr std::size_t kPairMessage = 12;  // record and pair number
constexpr std::uint8_t kLeafPrefix = 0x00;
constexpr std::size_t kDigestItem = 2 + sizeof(Digest);  // with its CBOR head
/// Cells that are hashed together: their messages stay in the second-level cache.
constexpr std::size_t kCellsAtOnce = 2048;

template <typename T>
T big_endian(T value) {
  if constexpr (std::endian::native == std::endian::big) return value;
  if constexpr (sizeof value == 8) return static_cast<T>(__builtin_bswap64(value));
  return static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
}

void put_state(const StreamState& state, std::uint8_t* out) {
  std::uint32_t words[8];
  for (std::size_t i = 0; i < 8; ++i) words[i] = big_endian(state.words[i]);
  std::memcpy(out, words, sizeof words);
}

std::size_t head_size(std::uint64_t argument) {
  if (argument < 24) return 1;
  if (argument <= 0xff) return 2;
  if (argument <= 0xffff) return 3;
  return argument <= 0xffff'ffff ? 5 : 9;
}

/// Writes the head of an item (RFC 8949, 4.2.1); where what follows begins.
std::uint8_t* put_head(std::uint8_t* out, CborMajor major, std::uint64_t argument) {
  const auto type = static_cast<std::uint8_t>(static_cast<unsigned>(major) << 5U);
  const std::size_t width = head_size(argument) - 1;
  if (width == 0) {
    *out = static_cast<std::uint8_t>(type | argument);
    return out + 1;
  }
  *out++ = static_cast<std::uint8_t>(type | (23 + std::bit_width(width)));
  for (std::size_t i = width; i-- > 0;) *out++ = static_cast<std::uint8_t>(argument >> (8 * i));
  return out;
}

bool is_ascii(std::string_view text) {
  std::uint64_t all = 0;
  std::size_t i = 0;
  for (; i + sizeof all <= text.size(); i += sizeof all) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + i, sizeof word);
    all |= word;
  }
  for (; i < text.size(); ++i) all |= static_cast<std::uint8_t>(text[i]);
  return (all & 0x8080'8080'8080'8080U) == 0;
}

std::size_t text_size(std::string_view text) { return head_size(text.size()) + text.size(); }

std::uint8_t* put_text(std::uint8_t* out, std::string_view text) {
  const bool readable = is_ascii(text) || is_utf8(text);
  out = put_head(out, readable ? CborMajor::text_string : CborMajor::byte_string, text.size());
  if (!text.empty()) std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

std::uint8_t* put_salt(std::uint8_t* out, const std::uint8_t* salt) {
  out = put_head(out, CborMajor::byte_string, kSaltBytes);
  std::memcpy(out, salt, kSaltBytes);
  return out + kSaltBytes;
}

/// CBOR [salt, name, value].
std::size_t cell_size(const Cell& cell) {
  return 1 + 1 + kSaltBytes + text_size(cell.name) + text_size(cell.value);
}

std::size_t salt_pairs(std::size_t cells) { return (cells + 2) / 2; }

/// HMAC's key block (RFC 2104) taken into the state that its hash goes on from.
StreamState key_state(Bytes key, std::uint8_t pad, const BlockHasher& hasher) {
  std::array<std::uint8_t, kBlock> block;
  block.fill(pad);
  for (std::size_t i = 0; i < key.size(); ++i) block[i] ^= key[i];
  StreamState state = kSha256Initial;
  StreamState* const states[] = {&state};
  const std::uint8_t* const data = block.data();
  hasher.compress(states, &data, 1);
  OPENSSL_cleanse(block.data(), block.size());
  return state;
}

/// Makes room for `count` blocks that all hold `used` bytes behind a key's block.
void extend_padded(std::vector<std::uint8_t>& blocks, std::size_t count, std::size_t used) {
  const std::size_t before = blocks.size() / kBlock;
  if (count <= before) return;
  blocks.resize(count * kBlock);
  for (std::size_t i = before; i < count; ++i)
    write_padding(blocks.data() + kBlock * i, used, 1, kBlock + used);
}

void cleanse(std::vector<std::uint8_t>& bytes) {
  if (!bytes.empty()) OPENSSL_cleanse(bytes.data(), bytes.size());
}

}  // namespace

RecordHasher::RecordHasher(const FileKey& key, const BlockHasher& hasher)
    : hasher_(hasher),
      inner_key_(key_state(key.bytes(), 0x36, hasher)),
      outer_key_(key_state(key.bytes(), 0x5c, hasher)) {}

RecordHasher::~RecordHasher() {
  OPENSSL_cleanse(&inner_key_, sizeof inner_key_);
  OPENSSL_cleanse(&outer_key_, sizeof outer_key_);
  cleanse(salts_);
  cleanse(outer_);
}

void RecordHasher::leaves(const RecordBatch& batch, std::span<const NumberedRecord> records,
                          std::span<Digest> leaves, std::span<std::uint64_t> cells) {
  std::uint64_t* short_digests = cells.empty() ? nullptr : cells.data();
  for (std::size_t done = 0; done < records.size();) {
    records_.clear();
    std::size_t count = 0;
    const std::size_t first = done;
    for (; done < records.size() && records_.size() < kCellsAtOnce; ++done) {
      const std::span<const Cell> record = batch.record(records[done].place);
      if (!records_.empty() && count + record.size() > kCellsAtOnce) break;
      records_.push_back({record, records[done].number});
      count += record.size();
    }
    some_leaves(&leaves[first], short_digests);
    if (short_digests != nullptr) short_digests += count;
  }
}

void RecordHasher::some_leaves(Digest* leaves, std::uint64_t* cells) {
  make_salts();
  hash_cells();
  lay_out_entries();
  if (cells != nullptr) {
    std::size_t total = 0;
    for (const Record& record : records_) total += record.cells.size();
    for (std::size_t i = 0; i < total; ++i) {
      std::uint32_t words[2] = {big_endian(states_[i].words[0]), big_endian(states_[i].words[1])};
      std::memcpy(cells + i, words, sizeof words);
    }
  }
  hash_entries(records_.size(), leaves);
}

void RecordHasher::make_salts() {
  salt_begin_.clear();
  std::size_t pairs = 0;
  for (const Record& record : records_) {
    salt_begin_.push_back(2 * kSaltBytes * pairs);
    pairs += salt_pairs(record.cells.size());
  }
  extend_padded(inner_, pairs, kPairMessage);
  extend_padded(outer_, pairs, sizeof(Digest));
  salts_.resize(2 * kSaltBytes * pairs);
  states_.resize(std::max(states_.size(), pairs));
  std::uint8_t* block = inner_.data();
  for (const Record& record : records_) {
    const std::uint64_t number = big_endian(record.number);
    const std::size_t count = salt_pairs(record.cells.size());
    for (std::size_t pair = 0; pair < count; ++pair, block += kBlock) {
      const std::uint32_t pair_number = big_endian(static_cast<std::uint32_t>(pair));
      std::memcpy(block, &number, sizeof number);
      std::memcpy(block + sizeof number, &pair_number, sizeof pair_number);
    }
  }
  hash_salt_pairs(pairs);
}

void RecordHasher::hash_salt_pairs(std::size_t pairs) {
  for (std::size_t i = 0; i < pairs; ++i) {
    states_[i] = inner_key_;
    groups_.add(&states_[i], inner_.data() + kBlock * i, 1);
  }
  groups_.compress(hasher_);
  for (std::size_t i = 0; i < pairs; ++i) {
    put_state(states_[i], outer_.data() + kBlock * i);
    states_[i] = outer_key_;
    groups_.add(&states_[i], outer_.data() + kBlock * i, 1);
  }
  groups_.compress(hasher_);
  for (std::size_t i = 0; i < pairs; ++i) put_state(states_[i], salts_.data() + 32 * i);
}

void RecordHasher::hash_cells() {
  std::size_t blocks = 0;
  std::size_t total = 0;
  for (const Record& record : records_)
    for (const Cell& cell : record.cells) {
      blocks += padded_blocks(cell_size(cell));
      ++total;
    }
  if (messages_.size() < kBlock * blocks) messages_.resize(kBlock * blocks);
  if (states_.size() < total) states_.resize(total);

  std::uint8_t* message = messages_.data();
  StreamState* state = states_.data();
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const std::uint8_t* salt = salts_.data() + salt_begin_[i];
    for (const Cell& cell : records_[i].cells) {
      salt += kSaltBytes;
      std::uint8_t* end = put_head(message, CborMajor::array, 3);
      end = put_salt(end, salt);
      end = put_text(end, cell.name);
      end = put_text(end, cell.value);
      const auto size = static_cast<std::size_t>(end - message);
      const std::size_t message_blocks = padded_blocks(size);
      write_padding(message, size, message_blocks, size);
      *state = kSha256Initial;
      groups_.add(state++, message, message_blocks);
      message += kBlock * message_blocks;
    }
  }
  groups_.compress(hasher_);
}

void RecordHasher::lay_out_entries() {
  places_.clear();
  std::size_t total = 0;
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const std::size_t cells = records_[i].cells.size();
    Entry entry;
    entry.message = total;
    entry.digests = 1 + 1 + 1 + kSaltBytes + head_size(records_[i].number) + head_size(cells);
    entry.blocks = padded_blocks(entry.digests + kDigestItem * cells);
    places_.push_back(entry);
    total += kBlock * entry.blocks;
  }
  if (entries_.size() < total) entries_.resize(total);

  const StreamState* state = states_.data();
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const std::size_t cells = records_[i].cells.size();
    std::uint8_t* const message = entries_.data() + places_[i].message;
    std::uint8_t* end = message;
    *end++ = kLeafPrefix;
    end = put_head(end, CborMajor::array, 3);
    end = put_salt(end, salts_.data() + salt_begin_[i]);
    end = put_head(end, CborMajor::unsigned_integer, records_[i].number);
    end = put_head(end, CborMajor::array, cells);
    for (std::size_t k = 0; k < cells; ++k, end += sizeof(Digest)) {
      end = put_head(end, CborMajor::byte_string, sizeof(Digest));
      put_state(*state++, end);
    }
    const auto size = static_cast<std::size_t>(end - message);
    write_padding(message, size, places_[i].blocks, size);
  }
}

void RecordHasher::hash_entries(std::size_t count, Digest* leaves) {
  if (states_.size() < count) states_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    states_[i] = kSha256Initial;
    groups_.add(&states_[i], entries_.data() + places_[i].message, places_[i].blocks);
  }
  groups_.compress(hasher_);
  for (std::size_t i = 0; i < count; ++i) put_state(states_[i], leaves[i].data());
}

}  // namespace salus::trial
