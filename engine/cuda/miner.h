// The header scan on one device.
#pragma once

#include <array>
#include <deque>
#include <vector>

#include "engine/cuda/kernel_choice.h"
#include "engine/cuda/runtime.h"
#include "engine/cuda/sizes.h"
#include "engine/device.h"

namespace salus::engine::cuda {

/// Scans with two launches in flight, so that the device does not wait for the host to look at
/// hits.
class Miner {
 public:
  Miner(const Sizes& sizes, Stream& compute);

  /// `Device::scan` with a given kernel.
  std::vector<Candidate> scan(const MineChoice& choice, const kernels::MineParams& params,
                              const ScanRange& range);

 private:
  /// A stretch of nonces that one launch takes.
  struct Part {
    std::uint64_t begin;
    std::uint64_t count;
  };
  struct Slot {
    DeviceMemory device;
    PinnedMemory host;
    Event done;
    Part part{};
  };

  /// Nonces in a part so that its hits are expected to fill half of the slots at most.
  [[nodiscard]] std::uint64_t part_size(const kernels::MineParams& params, unsigned versions) const;
  void start(const MineChoice& choice, const kernels::MineParams& params, unsigned versions,
             const Part& part, Slot& slot);
  /// Waits for the slot's launch and appends its hits; false if there were more than it can hold.
  bool collect(unsigned versions, Slot& slot, std::vector<Candidate>& found);

  Sizes sizes_;
  Stream& compute_;
  std::array<Slot, 2> slots_;
};

}  // namespace salus::engine::cuda
