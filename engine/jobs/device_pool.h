// The devices that an engine has, one job at a time on each, and what happens when one fails.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/cpu/cpu_backend.h"
#include "engine/device.h"
#include "engine/error.h"

namespace salus::engine {

/// How long a job takes on a device: latency + units / rate. Units are hashes for mining, bytes of
/// message for hashing, leaves for trees, and signatures (long messages count as several).
struct Speed {
  double latency_seconds = 0;
  double units_per_second = 0;  ///< 0 until something was measured.
};

/// A device in the pool. Methods of `device` are called with `busy` held, except those of jobs for
/// which it is concurrent.
struct Slot {
  explicit Slot(std::unique_ptr<Device> opened) : device(std::move(opened)) {}

  std::unique_ptr<Device> device;
  std::mutex busy;

  /// `busy`, held where this job needs it.
  [[nodiscard]] std::unique_lock<std::mutex> lock_for(Job job);

  /// Speed at a job as last measured; safe from any thread.
  [[nodiscard]] Speed speed(Job job) const;
  void set_speed(Job job, Speed speed);
  /// Moves the rate towards what a piece of work just showed; downwards only after a long one.
  void learn(Job job, double units, double seconds);
  /// Of all that was learned from.
  [[nodiscard]] double busy_seconds() const;

 private:
  mutable std::mutex mutex_;
  double busy_seconds_ = 0;
  std::array<Speed, kAllJobs.size()> speeds_{};
};

/// Thread safe. Slots stay where they are until the pool goes; dropped ones are not handed out.
class DevicePool {
 public:
  /// `key_cache_bytes`, where given, is passed to `Device::limit_key_cache`.
  DevicePool(std::vector<std::unique_ptr<Device>> devices, CpuOptions cpu,
             std::optional<std::uint64_t> key_cache_bytes = {});

  /// Slots in use, in the order of opening. Never empty: with none left it opens the CPU, and
  /// throws `Error` (device) when that one has failed too.
  [[nodiscard]] std::vector<Slot*> slots();

  /// Those of them that can do this job. When none can, the CPU is opened for such jobs alone.
  [[nodiscard]] std::vector<Slot*> slots(Job job);

  /// Takes a device out of use for good, with one warning in the log.
  void drop(Slot& slot, const Error& why);

 private:
  Slot& add(std::unique_ptr<Device> device);
  Slot* last_resort();

  std::mutex mutex_;
  CpuOptions cpu_;
  std::optional<std::uint64_t> key_cache_bytes_;
  std::vector<std::unique_ptr<Slot>> all_;
  std::vector<Slot*> in_use_;
  Slot* last_resort_ = nullptr;  // the CPU, once it was opened here and while it does not fail
};

}  // namespace salus::engine
