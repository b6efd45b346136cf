// Numbers as people read them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace salus::cli {

/// What a rate counts.
enum class Unit { hashes, bytes, leaves, files, headers, signatures, blocks, statements, records };

/// Three significant digits, decimal prefix: "38.1 MH", "2.64 GB", "14.2 Mleaves", "512 headers".
std::string format_amount(double amount, Unit unit);

/// The same for one second: "38.1 MH/s".
std::string format_rate(double per_second, Unit unit);

/// Memory with binary prefix: "125.6 GiB".
std::string format_memory(std::uint64_t bytes);

/// "26.1 us", "0.8 s", "42 s", "3 min 20 s", "5 h 12 min", "12 days", "3.4e9 years".
std::string format_duration(double seconds);

}  // namespace salus::cli
