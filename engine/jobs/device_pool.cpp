#include "engine/jobs/device_pool.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace salus::engine {
namespace {

/// Weight of the newest measurement: follows a device that slows down (heat, a neighbour) within a
/// few pieces of work, without jumping at every scheduling hiccup.
constexpr double kLearningRate = 0.3;

bool is_cpu(const Slot& slot) { return slot.device->info().backend == Backend::cpu; }

}  // namespace

Speed Slot::speed(Job job) const {
  const std::scoped_lock lock(mutex_);
  return speeds_[static_cast<std::size_t>(job)];
}

void Slot::set_speed(Job job, Speed speed) {
  const std::scoped_lock lock(mutex_);
  speeds_[static_cast<std::size_t>(job)] = speed;
}

void Slot::learn(Job job, double units, double seconds) {
  const std::scoped_lock lock(mutex_);
  Speed& speed = speeds_[static_cast<std::size_t>(job)];
  const double busy_seconds = std::max(seconds - speed.latency_seconds, seconds * 0.1);
  if (busy_seconds <= 0) return;
  const double seen = units / busy_seconds;
  speed.units_per_second =
      speed.units_per_second == 0
          ? seen
          : speed.units_per_second + kLearningRate * (seen - speed.units_per_second);
}

DevicePool::DevicePool(std::vector<std::unique_ptr<Device>> devices, CpuOptions cpu)
    : cpu_(std::move(cpu)) {
  for (auto& device : devices) all_.push_back(std::make_unique<Slot>(std::move(device)));
  for (const auto& slot : all_) in_use_.push_back(slot.get());
}

std::vector<Slot*> DevicePool::slots() {
  const std::scoped_lock lock(mutex_);
  if (in_use_.empty()) {
    if (std::ranges::any_of(all_, [](const auto& slot) { return is_cpu(*slot); }))
      throw Error(ErrorKind::device, "every device has failed, the CPU too");
    spdlog::warn("no device left: going on with the CPU");
    all_.push_back(std::make_unique<Slot>(open_cpu_device(cpu_)));
    in_use_.push_back(all_.back().get());
  }
  return in_use_;
}

void DevicePool::drop(Slot& slot, const Error& why) {
  const std::scoped_lock lock(mutex_);
  if (std::erase(in_use_, &slot) == 0) return;
  spdlog::warn("{} is out of use: {}", slot.device->info().id(), why.what());
}

}  // namespace salus::engine
