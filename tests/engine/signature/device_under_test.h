// The device that device_signatures_test.cpp runs on: each backend's test program brings its own.
#pragma once

#include <memory>
#include <string>

#include "engine/device.h"

namespace salus::engine::signature {

/// A device just opened, or nothing with the reason in `why`.
std::unique_ptr<Device> open_device_under_test(std::string& why);

/// How many items a test of random ones should take there: what is emulated is slow.
std::size_t items_for_device_under_test();

}  // namespace salus::engine::signature
