// Which variant does which work: by CPUID and a short measurement, or as the user forces it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/cpu/cpu_backend.h"
#include "engine/cpu/variant.h"

namespace salus::engine::cpu {

/// A variant and why it was taken, in one line: "38.1 MH/s a core; sha-ni 13.9, avx2 11.2".
struct Choice {
  const CpuVariant* variant;
  std::string reason;
};

/// The variants that this machine can run, fastest instruction set first.
std::vector<const CpuVariant*> supported_variants();

/// The variant of that name. Throws `Error` (usage) with the names that there are when it is
/// unknown or cannot run here.
const CpuVariant& variant_by_name(const std::string& name);

/// One small portion of work on one thread, and how much it was in the unit of the rate.
using Trial = std::function<double(const CpuVariant&)>;

/// Measures `trial` with every supported variant for a few milliseconds and takes the fastest.
/// `unit` is what the rate is told in, of `scale` units of work: "MH/s a core" and 1e6.
Choice measure_choice(const Trial& trial, const std::string& unit, double scale);

/// The variant forced by `options`, or else the one that scans headers fastest with versions rolled
/// (measured once a process; safe from many threads).
Choice choose_for_mining(const CpuOptions& options);
Choice choose_for_hashing(const CpuOptions& options);
Choice choose_for_merkle(const CpuOptions& options);

}  // namespace salus::engine::cpu
