// Memory for large tables that are read in no order.
#pragma once

#include <cstdint>

namespace salus::engine::signature::cpu {

/// Memory on huge pages where the system has them: with small ones, page walks would cost more than
/// the rows that are read. Pages are taken from the system when they are first written.
class HugePages {
 public:
  /// Reserves `bytes`, or, where the system refuses so much, half of it until it does not.
  explicit HugePages(std::uint64_t bytes);
  ~HugePages();
  HugePages(const HugePages&) = delete;
  HugePages& operator=(const HugePages&) = delete;

  /// How many bytes there are; 0 when the system gave none.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  /// The first byte, on the boundary of a huge page.
  [[nodiscard]] std::uint8_t* data() const { return data_; }

 private:
  void* mapping_ = nullptr;
  std::uint64_t mapped_bytes_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint8_t* data_ = nullptr;
};

}  // namespace salus::engine::signature::cpu
