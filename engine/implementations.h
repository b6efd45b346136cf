// The implementations between which a device chooses by measurement, each to be had by itself: for
// benchmarks of all of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/device.h"

namespace salus::engine {

/// Those that the device with this id has for hashing, trees and mining, by name: instruction sets
/// on the CPU, layouts or forms of the kernels elsewhere. Builds no kernel. Throws `Error`.
std::vector<std::string> implementations(const std::string& id);

/// Opens a device beside the CPU (for that `CpuOptions::variant` says which) with one of its
/// implementations; it `can` do only what that can. No name leaves the choice to the device. Throws
/// `Error`.
std::unique_ptr<Device> open_implementation(const std::string& id, const std::string& name);

}  // namespace salus::engine
