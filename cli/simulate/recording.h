// A recorded waveform: samples at a steady rate.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace salus::cli::simulate {

struct Recording {
  double hertz = 0;
  std::vector<double> samples;
};

/// Longest file that is read.
inline constexpr std::size_t kMaxRecordingBytes = std::size_t{64} << 20;

/// Reads CSV: one number a line, or the time in milliseconds and a number, after at most one line
/// of titles. With times the rate is that of the whole recording; `hertz` must then be 0, and
/// without times it must say the rate. Throws `Error` (input) with the line for what is neither,
/// (usage) for a rate that is missing or too much.
Recording parse_recording(std::string_view csv, double hertz);

/// The same of a file, which `Error`s name.
Recording read_recording(const std::string& path, double hertz);

}  // namespace salus::cli::simulate
