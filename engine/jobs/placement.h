// Which devices take part in a job: decided by measurement, explained in words.
#pragma once

#include <string>
#include <vector>

#include "engine/jobs/device_pool.h"

namespace salus::engine {

/// What a job of this size would take on one device.
double predicted_seconds(const Speed& speed, double units);

/// The devices worth using together for `units` of work: the one that would end first alone, and
/// every further one whose latency is shorter than the time that the others would need. Devices
/// that were never measured at this job are measured first, unless there is no choice to make.
std::vector<Slot*> choose_devices(DevicePool& pool, Job job, double units);

/// A line for each job and device: speed, latency, and from which size on it takes part.
std::vector<std::string> explain_placement(DevicePool& pool);

}  // namespace salus::engine
