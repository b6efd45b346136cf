#include "engine/signature/device/base_tables.h"

#include <array>
#include <vector>

#include "engine/error.h"
#include "engine/signature/cpu/ed25519_batch.h"
#include "engine/signature/cpu/p256_variant.h"
#include "kernels/gpu/signature_batch.h"

namespace salus::engine::signature::device {
namespace {

Bytes bytes_of(const std::uint64_t* words, std::size_t count) {
  return {reinterpret_cast<const std::uint8_t*>(words), count * sizeof *words};
}

/// a / 16 modulo the prime of P-256. That is -1 modulo 16, so that a + (a mod 16) p is divisible;
/// it is below 16 p + a.
void divide_p256_by_16(std::uint64_t a[4]) {
  constexpr std::array<std::uint64_t, 4> kPrime = {0xffffffffffffffff, 0x00000000ffffffff, 0,
                                                   0xffffffff00000001};
  const std::uint64_t rest = a[0] & 15;
  unsigned __int128 sum = 0;
  for (std::size_t i = 0; i < kPrime.size(); ++i) {
    sum += static_cast<unsigned __int128>(kPrime[i]) * rest + a[i];
    a[i] = static_cast<std::uint64_t>(sum);
    sum >>= 64;
  }
  for (std::size_t i = 0; i < 3; ++i) a[i] = a[i] >> 4 | a[i + 1] << 60;
  a[3] = a[3] >> 4 | static_cast<std::uint64_t>(sum) << 60;
}

}  // namespace

Bytes ed25519_base_table() {
  const cpu::CombTable& base = cpu::base_comb();
  if (base.bits != SALUS_BASE_WINDOW) throw Error(ErrorKind::device, "another table was expected");
  return bytes_of(base.rows, cpu::comb_words(base.bits));
}

Bytes p256_base_table() {
  static_assert(cpu::kP256BaseBits == SALUS_BASE_WINDOW);
  static const std::vector<std::uint64_t> rows = [] {
    const std::size_t words = cpu::p256_comb_words(cpu::kP256BaseBits);
    std::vector<std::uint64_t> made(cpu::p256_base_comb().rows, cpu::p256_base_comb().rows + words);
    to_device_form(made);
    return made;
  }();
  return bytes_of(rows.data(), rows.size());
}

void to_device_form(std::span<std::uint64_t> elements) {
  for (std::size_t at = 0; at < elements.size(); at += 4) divide_p256_by_16(&elements[at]);
}

}  // namespace salus::engine::signature::device
