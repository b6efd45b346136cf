#include "engine/device.h"

#include "engine/error.h"

namespace salus::engine {

const char* to_string(Backend backend) {
  switch (backend) {
    case Backend::cpu: return "cpu";
    case Backend::opencl: return "opencl";
    case Backend::cuda: return "cuda";
  }
  return "?";
}

const char* to_string(Job job) {
  switch (job) {
    case Job::mine: return "mine";
    case Job::hash: return "hash";
    case Job::merkle: return "merkle";
    case Job::verify: return "verify";
  }
  return "?";
}

std::string DeviceInfo::id() const {
  if (backend == Backend::cpu) return "cpu";
  return std::string(to_string(backend)) + ":" + std::to_string(index);
}

void Device::verify_signatures(std::span<const signature::Item> /*items*/,
                               std::span<signature::Reason> /*out*/) {
  throw Error(ErrorKind::device, info().id() + " does not verify signatures");
}

std::size_t merkle_levels_size(std::size_t leaf_count) {
  std::size_t total = 0;
  for (std::size_t n = leaf_count; n > 1;) {
    n = (n + 1) / 2;
    total += n;
  }
  return total;
}

}  // namespace salus::engine
