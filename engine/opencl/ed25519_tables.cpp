#include "engine/opencl/ed25519_tables.h"

#include <algorithm>

#include "engine/signature/cpu/ed25519_batch.h"
#include "kernels/gpu/signature_batch.h"

namespace salus::engine::opencl {
namespace {

namespace cpu = signature::cpu;
using signature::device::KeyDirectory;

/// The host makes some thousand tables a second, and a table saves a device a fraction of a
/// microsecond each time: so often must a key come back.
constexpr std::uint64_t kUsesForTable = 4096;

constexpr std::size_t kTablesAtOnce = 8;  ///< The lanes of the host's widest variant.

std::size_t table_bytes() { return 8 * cpu::comb_words(Ed25519Tables::kKeyBits); }

std::size_t places(const DeviceContext& device, std::uint64_t bytes) {
  return std::min<std::uint64_t>(bytes, device.max_alloc) / table_bytes();
}

}  // namespace

Ed25519Tables::Ed25519Tables(const DeviceContext& device, std::uint64_t bytes)
    : device_(device), directory_(places(device, bytes), kUsesForTable) {
  const cpu::CombTable& base = cpu::base_comb();
  static_assert(SALUS_BASE_WINDOW == 10);
  const std::size_t size = 8 * cpu::comb_words(base.bits);
  base_ = cl::Buffer(device.context, CL_MEM_READ_ONLY, size);
  device.queues[0].enqueueWriteBuffer(base_, CL_TRUE, 0, size, base.rows);
}

std::uint32_t Ed25519Tables::words_per_key() {
  return static_cast<std::uint32_t>(table_bytes() / 4);
}

void Ed25519Tables::add(std::span<const KeyDirectory::Key> keys) {
  const cpu::Ed25519Variant& variant = cpu::best_ed25519_variant();
  std::vector<std::uint64_t> rows(kTablesAtOnce * table_bytes() / 8);
  for (std::size_t first = 0; first < keys.size(); first += kTablesAtOnce) {
    const std::size_t count = std::min(kTablesAtOnce, keys.size() - first);
    const std::uint8_t* bytes[kTablesAtOnce];
    std::uint64_t* tables[kTablesAtOnce];
    bool is_on_curve[kTablesAtOnce];
    for (std::size_t i = 0; i < count; ++i) {
      bytes[i] = keys[first + i].data();
      tables[i] = &rows[i * table_bytes() / 8];
    }
    variant.make_combs(bytes, count, kKeyBits, tables, is_on_curve);
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_on_curve[i]) continue;
      const auto place = directory_.give_table(keys[first + i]);
      if (!place) return;
      grow(directory_.tables());
      device_.queues[0].enqueueWriteBuffer(keys_, CL_TRUE, *place * table_bytes(), table_bytes(),
                                           tables[i]);
    }
  }
}

/// Doubles the room, so that each table is moved about once.
void Ed25519Tables::grow(std::size_t tables) {
  if (tables <= capacity_) return;
  const std::size_t capacity =
      std::min(std::max<std::size_t>(2 * capacity_, 16), directory_.places());
  cl::Buffer larger(device_.context, CL_MEM_READ_ONLY, capacity * table_bytes());
  if (capacity_ != 0) {
    device_.queues[0].enqueueCopyBuffer(keys_, larger, 0, 0, capacity_ * table_bytes());
    device_.queues[0].finish();
  }
  keys_ = larger;
  capacity_ = capacity;
}

}  // namespace salus::engine::opencl
