#include "node/store/body_chunk.h"

#include <limits>

#include "engine/error.h"
#include "node/store/byte_order.h"

namespace salus::node {

namespace {

constexpr std::uint32_t kErased = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t kPruned = kErased - 1;

std::uint32_t body_bytes(std::uint32_t length) { return length >= kPruned ? 0 : length; }

void append_word(std::string& out, std::uint32_t word) {
  out.append(reinterpret_cast<const char*>(&word), sizeof word);
}

}  // namespace

std::size_t next_chunk(std::span<const Bytes> bodies) {
  std::size_t count = 0, bytes = 0;
  while (count < bodies.size() && count < kChunkStatements && bytes < kChunkBodyBytes) {
    bytes += bodies[count++].size();
  }
  return count;
}

std::vector<std::uint32_t> chunk_head(std::span<const Bytes> bodies) {
  std::vector<std::uint32_t> head;
  head.reserve(bodies.size() + 1);
  head.push_back(static_cast<std::uint32_t>(bodies.size()));
  for (const Bytes body : bodies) head.push_back(static_cast<std::uint32_t>(body.size()));
  return head;
}

BodyChunk::BodyChunk(Bytes value, const std::string& where) : value_(value) {
  const auto damaged = [&] {
    return Error(ErrorKind::input, where + " is damaged: a chunk of bodies");
  };
  if (value.size() < 4) throw damaged();
  count_ = load_little<std::uint32_t>(value.data());
  if (count_ > kChunkStatements || value.size() < body_start()) throw damaged();
  std::size_t bytes = body_start();
  for (std::uint32_t i = 0; i < count_; ++i) bytes += body_bytes(length(i));
  if (bytes != value.size()) throw damaged();
}

std::uint32_t BodyChunk::length(std::uint32_t index) const {
  return load_little<std::uint32_t>(value_.data() + 4 + std::size_t{4} * index);
}

StoredBodies::Entry BodyChunk::entry_at(std::uint32_t index, std::size_t at) const {
  const std::uint32_t bytes = length(index);
  if (bytes == kErased) return {BodyPresence::erased, {}};
  if (bytes == kPruned) return {BodyPresence::pruned, {}};
  return {BodyPresence::present, value_.subspan(at, bytes)};
}

StoredBodies::Entry BodyChunk::entry(std::uint32_t index) const {
  std::size_t at = body_start();
  for (std::uint32_t i = 0; i < index; ++i) at += body_bytes(length(i));
  return entry_at(index, at);
}

std::string without_bodies(const BodyChunk& chunk, std::span<const std::uint32_t> indexes,
                           BodyPresence mark, std::size_t& deleted) {
  std::string value, bodies;
  append_word(value, chunk.count());
  auto next = indexes.begin();
  std::uint32_t index = 0;
  chunk.for_each([&](const StoredBodies::Entry& entry) {
    const bool asked = next != indexes.end() && *next == index;
    if (asked) ++next;
    ++index;
    BodyPresence presence = entry.presence;
    if (asked && presence == BodyPresence::present) {
      presence = mark;
      ++deleted;
    }
    if (presence == BodyPresence::present) {
      append_word(value, static_cast<std::uint32_t>(entry.bytes.size()));
      bodies.append(reinterpret_cast<const char*>(entry.bytes.data()), entry.bytes.size());
    } else {
      append_word(value, presence == BodyPresence::erased ? kErased : kPruned);
    }
  });
  return value + bodies;
}

}  // namespace salus::node
