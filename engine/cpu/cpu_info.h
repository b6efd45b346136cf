// What this process may use of the machine: instruction sets, cores and memory.
#pragma once

#include <cstdint>
#include <string>

namespace salus::engine::cpu {

// Whether the CPU has the instruction set and the operating system saves its registers.
bool cpu_has_avx512();       ///< AVX-512 F, BW and VL, and BMI2.
bool cpu_has_avx512_ifma();  ///< The same with DQ and the 52-bit multiply-add.
bool cpu_has_avx2();         ///< AVX2 and BMI2.
bool cpu_has_sse2();
bool cpu_has_sha_ni();  ///< SHA extensions and SSE4.1.
bool cpu_is_any();      ///< Always true.

/// VZEROUPPER where there is AVX. While the upper halves of the vector registers hold anything,
/// each SSE instruction (and SHA-NI has no other form) waits to keep them: about 450 cycles a
/// group.
void clear_upper_registers();

/// "AMD EPYC 9755 128-Core Processor"; "CPU" where the processor does not say.
std::string cpu_brand();
/// "AuthenticAMD"; empty where the processor does not say.
std::string cpu_vendor();
/// The highest clock that the operating system or CPUID reports, in MHz; 0 when neither does.
unsigned cpu_clock_mhz();

/// Cores that affinity and cgroup limits leave to this process; at least 1.
unsigned usable_cores();
/// Memory that exists or that the cgroup allows, whichever is less, in bytes.
std::uint64_t usable_memory();

}  // namespace salus::engine::cpu
