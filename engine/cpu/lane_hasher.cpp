#include "engine/cpu/lane_hasher.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/cpu/multi_hash.h"

namespace salus::engine {
namespace {

constexpr std::size_t kBlock = 64;

/// Updates as tasks: the block that the stream's partial one becomes, then whole blocks where they
/// lie. What is left over waits in the stream.
class UpdateSource final : public cpu::LaneSource {
 public:
  explicit UpdateSource(std::span<const LaneHasher::Update> updates) : updates_(updates) {}

  bool start(std::size_t, cpu::LaneTask& task) override {
    if (next_ == updates_.size()) return false;
    task.id = next_++;
    HashStream& stream = *updates_[task.id].stream;
    Bytes bytes = updates_[task.id].bytes;
    std::copy(std::begin(stream.state), std::end(stream.state), task.state.words);
    for (cpu::Segment& segment : task.segments) segment = {nullptr, 0};

    const std::size_t waiting = stream.length % kBlock;
    if (waiting != 0) {
      const std::size_t taken = std::min(bytes.size(), kBlock - waiting);
      if (taken != 0) std::memcpy(stream.partial + waiting, bytes.data(), taken);
      bytes = bytes.subspan(taken);
      if (waiting + taken == kBlock) task.segments[0] = {stream.partial, 1};
    }
    task.segments[1] = {bytes.data(), bytes.size() / kBlock};
    return true;
  }

  void finish(cpu::LaneTask& task) override {
    const Bytes bytes = updates_[task.id].bytes;
    HashStream& stream = *updates_[task.id].stream;
    std::copy(std::begin(task.state.words), std::end(task.state.words), stream.state);
    stream.length += bytes.size();
    const std::size_t waiting = stream.length % kBlock;
    // With fewer bytes than now wait, all of them already stand in the partial block.
    if (waiting != 0 && waiting <= bytes.size())
      std::memcpy(stream.partial, bytes.data() + bytes.size() - waiting, waiting);
  }

 private:
  std::span<const LaneHasher::Update> updates_;
  std::size_t next_ = 0;
};

}  // namespace

HashStream::HashStream() {
  std::copy(std::begin(cpu::kSha256Initial.words), std::end(cpu::kSha256Initial.words), state);
}

LaneHasher::LaneHasher(const CpuOptions& options) {
  const cpu::HashVariants variants = cpu::choose_hash_variants(options);
  many_ = variants.many;
  few_ = variants.few;
  few_limit_ = variants.few_limit;
}

unsigned LaneHasher::lanes() const { return many_->lanes; }

void LaneHasher::hash_many(const MessageView& messages, std::optional<std::uint8_t> prefix,
                           std::span<Digest> out) const {
  cpu::hash_messages({many_, few_, few_limit_}, messages, prefix, out);
}

void LaneHasher::update(std::span<const Update> updates) const {
  UpdateSource source(updates);
  cpu::run_lanes({many_, few_, few_limit_}, source);
}

Digest LaneHasher::finish(HashStream& stream) const {
  // FIPS 180-4, 5.1.1: a one bit, zeros, and the length in bits, up to the end of a block.
  std::array<std::uint8_t, kBlock + 8> padding{0x80};
  const std::size_t waiting = stream.length % kBlock;
  const std::size_t zeros = (waiting < kBlock - 8 ? kBlock : 2 * kBlock) - waiting - 9;
  const std::uint64_t bits = 8 * stream.length;
  for (std::size_t i = 0; i < 8; ++i)
    padding[1 + zeros + i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
  const Update update{&stream, Bytes(padding).first(1 + zeros + 8)};
  this->update({&update, 1});
  cpu::StreamState state;
  std::copy(std::begin(stream.state), std::end(stream.state), state.words);
  return cpu::digest_of(state);
}

}  // namespace salus::engine
