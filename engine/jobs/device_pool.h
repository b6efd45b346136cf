// The devices that an engine has, one job at a time on each, and what happens when one fails.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/cpu/cpu_backend.h"
#include "engine/device.h"
#include "engine/error.h"

namespace salus::engine {

/// How long a job takes on a device: latency + units / rate. Units are hashes for mining, bytes of
/// message for hashing and leaves for trees.
struct Speed {
  double latency_seconds = 0;
  double units_per_second = 0;  ///< 0 until something was measured.
};

/// A device in the pool. Methods of `device` are called with `busy` held.
struct Slot {
  explicit Slot(std::unique_ptr<Device> opened) : device(std::move(opened)) {}

  std::unique_ptr<Device> device;
  std::mutex busy;

  /// Speed at a job as last measured; safe from any thread.
  [[nodiscard]] Speed speed(Job job) const;
  void set_speed(Job job, Speed speed);
  /// Moves the rate towards what a piece of work just showed.
  void learn(Job job, double units, double seconds);

 private:
  mutable std::mutex mutex_;
  std::array<Speed, 3> speeds_{};
};

/// Thread safe. Slots stay where they are until the pool goes; dropped ones are not handed out.
class DevicePool {
 public:
  DevicePool(std::vector<std::unique_ptr<Device>> devices, CpuOptions cpu);

  /// Slots in use, in the order of opening. Never empty: with none left it opens the CPU, and
  /// throws `Error` (device) when that one has failed too.
  [[nodiscard]] std::vector<Slot*> slots();

  /// Takes a device out of use for good, with one warning in the log.
  void drop(Slot& slot, const Error& why);

 private:
  std::mutex mutex_;
  CpuOptions cpu_;
  std::vector<std::unique_ptr<Slot>> all_;
  std::vector<Slot*> in_use_;
};

}  // namespace salus::engine
