#include "engine/cpu/multi_hash.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>

#include "engine/cpu/variant_choice.h"
#include "engine/stopwatch.h"

namespace salus::engine::cpu {
namespace {

constexpr std::size_t kBlock = 64;

std::uint32_t big_endian(std::uint32_t x) {
  return std::endian::native == std::endian::little ? __builtin_bswap32(x) : x;
}

std::uint64_t big_endian(std::uint64_t x) {
  return std::endian::native == std::endian::little ? __builtin_bswap64(x) : x;
}

/// Streams side by side, packed into the first `active` lanes.
class Lanes {
 public:
  Lanes(const HashVariants& variants, LaneSource& source) : variants_(variants), source_(source) {
    for (std::size_t lane = 0; lane < kMaxLanes; ++lane) slots_[lane] = lane;
  }

  void run() {
    while (active_ < variants_.many->lanes && refill(active_)) ++active_;
    while (active_ > 0) {
      const std::size_t blocks = *std::min_element(&left_[0], &left_[active_]);
      source_.prefetch(blocks * active_);
      compress(blocks);
      for (std::size_t i = 0; i < active_;) {
        data_[i] += kBlock * blocks;
        left_[i] -= blocks;
        if (left_[i] != 0 || next_segment(i) || finish_and_refill(i))
          ++i;
        else
          drop(i);
      }
    }
  }

 private:
  /// The next segment that is not empty; false after the last one.
  bool next_segment(std::size_t i) {
    LaneTask& task = tasks_[slots_[i]];
    while (segment_[i] < std::size(task.segments)) {
      const Segment& next = task.segments[segment_[i]++];
      if (next.blocks == 0) continue;
      data_[i] = next.data;
      left_[i] = next.blocks;
      return true;
    }
    return false;
  }

  bool finish_and_refill(std::size_t i) {
    source_.finish(tasks_[slots_[i]]);
    return refill(i);
  }

  bool refill(std::size_t i) {
    while (more_) {
      LaneTask& task = tasks_[slots_[i]];
      more_ = source_.start(slots_[i], task);
      if (!more_) break;
      states_[i] = &task.state;
      segment_[i] = 0;
      if (next_segment(i)) return true;
      source_.finish(task);
    }
    return false;
  }

  /// Moves the last lane into the place of lane i.
  void drop(std::size_t i) {
    --active_;
    std::swap(slots_[i], slots_[active_]);
    states_[i] = states_[active_];
    data_[i] = data_[active_];
    left_[i] = left_[active_];
    segment_[i] = segment_[active_];
  }

  void compress(std::size_t blocks) {
    const CpuVariant& variant = active_ <= variants_.few_limit ? *variants_.few : *variants_.many;
    const std::size_t calls = (active_ + variant.lanes - 1) / variant.lanes;
    for (std::size_t call = 0; call < calls; ++call) {
      const std::size_t begin = active_ * call / calls;
      const std::size_t end = active_ * (call + 1) / calls;
      variant.compress(&states_[begin], &data_[begin], end - begin, blocks);
    }
  }

  const HashVariants& variants_;
  LaneSource& source_;
  bool more_ = true;
  std::size_t active_ = 0;
  // Of the stream in place i:
  std::array<StreamState*, kMaxLanes> states_;
  std::array<const std::uint8_t*, kMaxLanes> data_;
  std::array<std::size_t, kMaxLanes> left_;     // blocks of the current segment
  std::array<std::size_t, kMaxLanes> segment_;  // the one after the current
  std::array<std::size_t, kMaxLanes> slots_;    // which of tasks_ it is
  std::array<LaneTask, kMaxLanes> tasks_;
};

/// Messages as tasks: prefix and first bytes (if there is a prefix), whole blocks where they lie,
/// and the rest with the padding.
class MessageSource final : public LaneSource {
 public:
  MessageSource(const MessageView& messages, std::optional<std::uint8_t> prefix,
                std::span<Digest> out)
      : messages_(messages), prefix_(prefix), out_(out) {}

  bool start(std::size_t lane, LaneTask& task) override {
    if (next_ == out_.size()) return false;
    task.id = next_++;
    task.state = kSha256Initial;
    Bytes message = messages_[task.id];
    const std::uint64_t bits = 8 * (std::uint64_t{message.size()} + (prefix_ ? 1 : 0));
    Edges& edges = edges_[lane];
    std::size_t filled = 0;  // bytes of the last segment's first block
    task.segments[0] = {edges.head, 0};
    if (prefix_ && message.size() >= kBlock - 1) {
      edges.head[0] = *prefix_;
      std::memcpy(edges.head + 1, message.data(), kBlock - 1);
      message = message.subspan(kBlock - 1);
      task.segments[0].blocks = 1;
    } else if (prefix_) {
      filled = 1;
    }
    const std::size_t whole = message.size() / kBlock;
    task.segments[1] = {message.data(), whole};
    task.segments[2] = pad(edges.tail, filled, message.subspan(kBlock * whole), bits);
    return true;
  }

  /// Short messages end before the CPU's own prefetcher has noticed each of them: from main memory
  /// 1 KiB messages hash 1.3 to 1.6 times as fast with this.
  void prefetch(std::size_t blocks) override {
    constexpr std::size_t kMessagesAhead = kMaxLanes;
    constexpr std::size_t kBytesOfEach = 1024;  // then its own stream is noticed
    if (prefetched_ < next_) {
      prefetched_ = next_;
      prefetched_bytes_ = 0;
    }
    const std::size_t end = std::min(out_.size(), next_ + kMessagesAhead);
    while (blocks != 0 && prefetched_ < end) {
      const Bytes message = messages_[prefetched_];
      const std::size_t size = std::min(message.size(), kBytesOfEach);
      for (; blocks != 0 && prefetched_bytes_ < size; --blocks, prefetched_bytes_ += kBlock)
        __builtin_prefetch(&message[prefetched_bytes_]);
      if (prefetched_bytes_ < size) return;
      ++prefetched_;
      prefetched_bytes_ = 0;
    }
  }

  void finish(LaneTask& task) override { out_[task.id] = digest_of(task.state); }

 private:
  /// What of a message is not hashed in its own place.
  struct Edges {
    std::uint8_t head[kBlock];
    std::uint8_t tail[2 * kBlock];
  };

  /// The end of a message of `bits` bits: the prefix if `filled` is 1, `rest`, and the padding.
  Segment pad(std::uint8_t* tail, std::size_t filled, Bytes rest, std::uint64_t bits) const {
    const std::size_t used = filled + rest.size();
    const std::size_t blocks = used < kBlock - 8 ? 1 : 2;
    std::memset(tail, 0, 2 * kBlock);
    if (filled != 0) tail[0] = *prefix_;
    if (!rest.empty()) std::memcpy(tail + filled, rest.data(), rest.size());
    tail[used] = 0x80;
    const std::uint64_t length = big_endian(bits);
    std::memcpy(tail + kBlock * blocks - sizeof length, &length, sizeof length);
    return {tail, blocks};
  }

  const MessageView& messages_;
  std::optional<std::uint8_t> prefix_;
  std::span<Digest> out_;
  std::size_t next_ = 0;
  std::size_t prefetched_ = 0;        // messages from next_ on up to this one, and
  std::size_t prefetched_bytes_ = 0;  // so many bytes of it, are on their way to the cache
  std::array<Edges, kMaxLanes> edges_;
};

/// Seconds that `variant` needs for some blocks of `count` streams: the best of a few tries.
double measure(const CpuVariant& variant, std::size_t count) {
  constexpr std::size_t kBlocks = 16;
  constexpr int kTries = 20;
  std::array<StreamState, kMaxLanes> states{};
  std::array<StreamState*, kMaxLanes> pointers;
  std::array<const std::uint8_t*, kMaxLanes> data;
  static const std::array<std::uint8_t, kBlock * kBlocks> bytes{};
  data.fill(bytes.data());
  for (std::size_t i = 0; i < kMaxLanes; ++i) pointers[i] = &states[i];
  double best = 1;
  for (int i = 0; i < kTries; ++i) {
    const Stopwatch watch;
    for (std::size_t done = 0; done < count; done += variant.lanes)
      variant.compress(&pointers[done], &data[done],
                       std::min<std::size_t>(variant.lanes, count - done), kBlocks);
    best = std::min(best, watch.seconds());
  }
  return best;
}

/// The variant that is done soonest with a handful of streams, and with how many it still is.
HashVariants measure_variants(const CpuVariant& many) {
  constexpr std::size_t kFew = 4;
  HashVariants best{&many, &many, 0};
  double best_seconds = measure(many, kFew);
  for (const CpuVariant* variant : supported_variants()) {
    const double seconds = measure(*variant, kFew);
    if (seconds >= best_seconds) continue;
    best_seconds = seconds;
    best.few = variant;
  }
  if (best.few == &many) return best;
  while (best.few_limit + 1 < many.lanes &&
         measure(*best.few, best.few_limit + 1) < measure(many, best.few_limit + 1))
    ++best.few_limit;
  return best;
}

}  // namespace

HashVariants choose_hash_variants(const CpuOptions& options) {
  const CpuVariant* many = choose_for_hashing(options).variant;
  if (!options.variant.empty()) return {many, many, 0};
  static const HashVariants measured = measure_variants(*many);
  return measured;
}

Digest digest_of(const StreamState& state) {
  Digest out;
  for (std::size_t i = 0; i < 8; ++i) {
    const std::uint32_t word = big_endian(state.words[i]);
    std::memcpy(out.data() + 4 * i, &word, sizeof word);
  }
  return out;
}

void run_lanes(const HashVariants& variants, LaneSource& source) {
  assert(variants.many->lanes <= kMaxLanes);
  Lanes(variants, source).run();
}

void hash_messages(const HashVariants& variants, const MessageView& messages,
                   std::optional<std::uint8_t> prefix, std::span<Digest> out) {
  assert(out.size() == messages.count());
  MessageSource source(messages, prefix, out);
  run_lanes(variants, source);
}

}  // namespace salus::engine::cpu
