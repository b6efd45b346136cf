// When something that readers may still look at can be freed.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <utility>

namespace salus::engine::signature {

/// Readers of a lock-free structure never wait. A writer that has unlinked something retires it
/// here, and gets it freed after every reader that might have seen it has left (epoch-based
/// reclamation; K. Fraser, Practical lock-freedom, 2004, section 5.2.3).
///
/// `enter` is safe from any thread; the other methods belong to one writer at a time.
template <class Garbage>
class ReaderEpochs {
 public:
  /// Held while a reader looks at the structure.
  class Reader {
   public:
    explicit Reader(std::atomic<std::uint64_t>& count) : count_(&count) {}
    Reader(Reader&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
    Reader& operator=(Reader&&) = delete;
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() {
      if (count_ != nullptr) count_->fetch_sub(1);
    }

   private:
    std::atomic<std::uint64_t>* count_;
  };

  [[nodiscard]] Reader enter() {
    for (;;) {
      const std::uint64_t epoch = epoch_;
      Reader reader(count_of(epoch));
      ++count_of(epoch);
      if (epoch_ == epoch) return reader;  // else the writer may have looked before we were counted
    }
  }

  /// Takes what no new reader can find any more.
  void retire(Garbage garbage) { retired_.push_back({epoch_, std::move(garbage)}); }

  /// Frees what no reader can hold any more. Returns whether anything retired is left.
  bool collect() {
    for (int step = 0; step < 2 && !retired_.empty(); ++step) {
      const std::uint64_t epoch = epoch_;
      if (count_of(epoch + 1) != 0) break;  // readers of the epoch before this one
      while (!retired_.empty() && retired_.front().epoch < epoch) retired_.pop_front();
      epoch_ = epoch + 1;
    }
    return !retired_.empty();
  }

 private:
  struct Retired {
    std::uint64_t epoch;
    Garbage garbage;
  };
  struct alignas(64) Count {
    std::atomic<std::uint64_t> readers = 0;
  };

  std::atomic<std::uint64_t>& count_of(std::uint64_t epoch) { return counts_[epoch % 2].readers; }

  std::atomic<std::uint64_t> epoch_ = 0;
  std::array<Count, 2> counts_;  // of even and odd epochs: at most two have readers
  std::deque<Retired> retired_;
};

}  // namespace salus::engine::signature
