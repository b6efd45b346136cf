// The header scan on an OpenCL device.
#pragma once

#include "engine/opencl/device_context.h"
#include "engine/opencl/programs.h"

#include <cstdint>
#include <vector>

namespace salus::engine::opencl {

/// Scans ranges of nonces in launches of about kLaunchSeconds, two in flight.
class Scanner {
 public:
  /// `hit_capacity` candidates fit into one launch's buffer, at least SALUS_MINE_MAX_VERSIONS.
  Scanner(const DeviceContext& device, const BuiltProgram& program, Layout layout,
          std::uint32_t hit_capacity);

  /// As Device::scan.
  std::vector<Candidate> scan(const kernels::MineParams& params, const ScanRange& range);

  /// Hashes per second in launches of full size, with `versions` versions.
  double measure(unsigned versions);

 private:
  // What opencl.hpp declares to throw nothing may throw where a driver refuses to let go.
  // NOLINTNEXTLINE(bugprone-exception-escape)
  struct Launch {
    std::uint32_t nonce_begin = 0;
    std::uint32_t nonce_count = 0;
    unsigned versions = 0;
    std::uint32_t candidates = 0;  ///< Once done; may be more than were stored.
    cl::Event kernel_done;
    cl::Event read_done;
  };
  /// One of two launches in flight.
  // NOLINTNEXTLINE(bugprone-exception-escape)
  struct Slot {
    cl::Buffer hits;
    std::vector<std::uint32_t> words;  ///< Count, an unused word, then pairs.
    Launch launch;
  };

  [[nodiscard]] Slot make_slot() const;
  void start(Slot& slot, const ScanRange& part);
  void finish(Slot& slot, std::vector<Candidate>& out);
  void scan_parts(const ScanRange& range, std::vector<Candidate>& out);
  void scan_again(const Launch& launch, std::vector<Candidate>& out);
  void learn_rate(const Launch& launch);
  [[nodiscard]] std::uint32_t launch_nonces(unsigned versions) const;
  [[nodiscard]] std::uint32_t steps_for(std::uint64_t nonces) const;

  const DeviceContext& device_;
  Layout layout_;
  std::uint32_t hit_capacity_;
  cl::Kernel scan_one_;
  cl::Kernel scan_rolled_;
  cl::Buffer params_;
  std::array<Slot, kQueues> slots_;
  double hashes_per_second_;
};

}  // namespace salus::engine::opencl
