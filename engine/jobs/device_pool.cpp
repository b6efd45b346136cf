#include "engine/jobs/device_pool.h"

#include <algorithm>

#include "engine/log.h"

namespace salus::engine {
namespace {

/// Weight of the newest measurement: follows a device that slows down (heat, a neighbour) within a
/// few pieces of work, without jumping at every scheduling hiccup.
constexpr double kLearningRate = 0.3;

/// A shorter piece of work that seems slow shows what starting costs, not the rate.
constexpr double kTellingSeconds = 5e-3;

bool is_cpu(const Slot& slot) { return slot.device->info().backend == Backend::cpu; }

}  // namespace

std::unique_lock<std::mutex> Slot::lock_for(Job job) {
  if (device->is_concurrent(job)) return {};
  return std::unique_lock(busy);
}

Speed Slot::speed(Job job) const {
  const std::scoped_lock lock(mutex_);
  return speeds_[static_cast<std::size_t>(job)];
}

void Slot::set_speed(Job job, Speed speed) {
  const std::scoped_lock lock(mutex_);
  speeds_[static_cast<std::size_t>(job)] = speed;
}

double Slot::busy_seconds() const {
  const std::scoped_lock lock(mutex_);
  return busy_seconds_;
}

void Slot::learn(Job job, double units, double seconds) {
  const std::scoped_lock lock(mutex_);
  busy_seconds_ += seconds;
  Speed& speed = speeds_[static_cast<std::size_t>(job)];
  const double busy_seconds = std::max(seconds - speed.latency_seconds, seconds * 0.1);
  if (busy_seconds <= 0) return;
  const double seen = units / busy_seconds;
  if (seen < speed.units_per_second && seconds < kTellingSeconds) return;
  speed.units_per_second =
      speed.units_per_second == 0
          ? seen
          : speed.units_per_second + kLearningRate * (seen - speed.units_per_second);
}

DevicePool::DevicePool(std::vector<std::unique_ptr<Device>> devices, CpuOptions cpu,
                       std::optional<std::uint64_t> key_cache_bytes)
    : cpu_(std::move(cpu)), key_cache_bytes_(key_cache_bytes) {
  for (auto& device : devices) in_use_.push_back(&add(std::move(device)));
}

Slot& DevicePool::add(std::unique_ptr<Device> device) {
  if (key_cache_bytes_) device->limit_key_cache(*key_cache_bytes_);
  return *all_.emplace_back(std::make_unique<Slot>(std::move(device)));
}

std::vector<Slot*> DevicePool::slots() {
  const std::scoped_lock lock(mutex_);
  if (in_use_.empty()) {
    in_use_.push_back(last_resort());
    logging::warn("no device left: going on with the CPU");
  }
  return in_use_;
}

std::vector<Slot*> DevicePool::slots(Job job) {
  std::vector<Slot*> able = slots();
  std::erase_if(able, [job](const Slot* slot) { return !slot->device->can(job); });
  if (!able.empty()) return able;
  const std::scoped_lock lock(mutex_);
  return {last_resort()};
}

/// With the mutex held.
Slot* DevicePool::last_resort() {
  if (std::ranges::none_of(all_, [](const auto& slot) { return is_cpu(*slot); }))
    last_resort_ = &add(open_cpu_device(cpu_));
  if (last_resort_ == nullptr)
    throw Error(ErrorKind::device, "every device has failed, the CPU too");
  return last_resort_;
}

void DevicePool::drop(Slot& slot, const Error& why) {
  const std::scoped_lock lock(mutex_);
  const bool was_last_resort = last_resort_ == &slot;
  if (was_last_resort) last_resort_ = nullptr;
  if (std::erase(in_use_, &slot) != 0 || was_last_resort)
    logging::warn("{} is out of use: {}", slot.device->info().id(), why.what());
}

}  // namespace salus::engine
