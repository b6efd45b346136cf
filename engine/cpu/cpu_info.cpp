#include "engine/cpu/cpu_info.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <vector>

#include "engine/cpu/cgroup.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace salus::engine::cpu {
namespace {

struct Registers {
  std::uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
};

/// A CPUID leaf; zeros where the processor has no such leaf.
Registers cpuid(std::uint32_t leaf) {
  Registers r;
#if defined(__x86_64__)
  if (__get_cpuid_count(leaf, 0, &r.eax, &r.ebx, &r.ecx, &r.edx) == 0) return {};
#else
  (void)leaf;
#endif
  return r;
}

constexpr bool bit(std::uint32_t word, unsigned n) { return (word >> n & 1) != 0; }

/// Which register files the operating system saves (XCR0); 0 where it saves none by XSAVE.
std::uint32_t saved_registers() {
#if defined(__x86_64__)
  constexpr unsigned kOsXsave = 27;
  if (!bit(cpuid(1).ecx, kOsXsave)) return 0;
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
#else
  return 0;
#endif
}

bool saves(std::uint32_t mask) { return (saved_registers() & mask) == mask; }

// Bits of XCR0 (Intel SDM volume 1, 13.3).
constexpr std::uint32_t kXmmYmm = 0x06;
constexpr std::uint32_t kXmmYmmZmm = 0xe6;

}  // namespace

// Bits of CPUID leaf 7 (Intel SDM volume 2, CPUID): EBX 5 AVX2, 8 BMI2, 16 AVX512F, 17 AVX512DQ,
// 21 AVX512_IFMA, 29 SHA, 30 AVX512BW, 31 AVX512VL; of leaf 1: ECX 19 SSE4.1, EDX 26 SSE2.
bool cpu_has_avx512() {
  const std::uint32_t b = cpuid(7).ebx;
  return saves(kXmmYmmZmm) && bit(b, 5) && bit(b, 8) && bit(b, 16) && bit(b, 30) && bit(b, 31);
}
bool cpu_has_avx512_ifma() {
  const std::uint32_t b = cpuid(7).ebx;
  return cpu_has_avx512() && bit(b, 17) && bit(b, 21);
}
bool cpu_has_avx2() {
  const std::uint32_t b = cpuid(7).ebx;
  return saves(kXmmYmm) && bit(b, 5) && bit(b, 8);
}
bool cpu_has_sse2() { return bit(cpuid(1).edx, 26); }
bool cpu_has_sha_ni() { return bit(cpuid(7).ebx, 29) && bit(cpuid(1).ecx, 19); }
bool cpu_is_any() { return true; }

void clear_upper_registers() {
#if defined(__x86_64__)
  constexpr unsigned kAvx = 28;
  static const bool has_avx = saves(kXmmYmm) && bit(cpuid(1).ecx, kAvx);
  if (has_avx) __asm__ volatile("vzeroupper" ::: "memory");
#endif
}

std::string cpu_vendor() {
  const Registers r = cpuid(0);
  std::array<char, 13> text{};
  std::memcpy(&text[0], &r.ebx, 4);
  std::memcpy(&text[4], &r.edx, 4);
  std::memcpy(&text[8], &r.ecx, 4);
  return text.data();
}

std::string cpu_brand() {
  constexpr std::uint32_t kFirstBrandLeaf = 0x80000002;
  std::array<char, 49> text{};
  for (std::uint32_t i = 0; i < 3; ++i) {
    const Registers r = cpuid(kFirstBrandLeaf + i);
    std::memcpy(&text[16UL * i], &r, sizeof r);
  }
  const std::string brand = text.data();
  const std::size_t first = brand.find_first_not_of(' ');
  if (first == std::string::npos) return "CPU";
  return brand.substr(first, brand.find_last_not_of(' ') - first + 1);
}

unsigned cpu_clock_mhz() {
  std::ifstream file("/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq");
  unsigned khz = 0;
  if (file >> khz) return khz / 1000;
  return cpuid(0x16).ebx & 0xffff;  // Intel only: highest frequency in MHz.
}

unsigned usable_cores() {
  // The kernel refuses a mask that is too small for its highest CPU number.
  std::size_t cores = 0;
  for (std::size_t size = CPU_SETSIZE; size <= CPU_SETSIZE * 64UL && cores == 0; size *= 2) {
    std::vector<cpu_set_t> mask(size / CPU_SETSIZE);
    const std::size_t bytes = mask.size() * sizeof(cpu_set_t);
    if (sched_getaffinity(0, bytes, mask.data()) == 0)
      cores = static_cast<std::size_t>(CPU_COUNT_S(bytes, mask.data()));
    else if (errno != EINVAL)
      break;
  }
  cores = std::max<std::size_t>(cores, 1);
  if (const auto quota = read_cgroup_limits().cores)
    cores = std::min(cores, static_cast<std::size_t>(std::max(1.0, std::ceil(*quota))));
  return static_cast<unsigned>(cores);
}

std::uint64_t usable_memory() {
  const std::uint64_t all = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
                            static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return std::min(all, read_cgroup_limits().memory_bytes.value_or(all));
}

}  // namespace salus::engine::cpu
