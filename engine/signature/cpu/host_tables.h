// Comb tables of keys in host memory.
#pragma once

#include <span>
#include <vector>

#include "engine/signature/cache/public_key_cache.h"
#include "engine/signature/cpu/huge_pages.h"
#include "engine/signature/cpu/verify_choice.h"

namespace salus::engine::signature::cpu {

/// Bits of a table's windows.
constexpr int window_bits(TableSize size) { return size == TableSize::large ? 8 : 4; }

/// Makes tables by the CPU's lanes.
class HostTables final : public TableMaker {
 public:
  HostTables(const VerifyChoice& choice, std::uint64_t bytes) : choice_(choice), memory_(bytes) {}

  [[nodiscard]] std::uint64_t bytes() const { return memory_.bytes(); }
  [[nodiscard]] const std::uint64_t* table(std::uint64_t offset) const {
    return reinterpret_cast<const std::uint64_t*>(memory_.data() + offset);
  }

  [[nodiscard]] TableCost cost(TableKind kind) const override;
  std::vector<bool> make(TableKind kind, std::span<const Bytes> keys,
                         std::span<const std::uint64_t> offsets) override;

 private:
  const VerifyChoice& choice_;
  HugePages memory_;
};

}  // namespace salus::engine::signature::cpu
