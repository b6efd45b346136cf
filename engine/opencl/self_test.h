// Known answers for every kernel of a freshly opened device.
#pragma once

#include "engine/device.h"

namespace salus::engine::opencl {

/// Compares one small job of every kind with OpenSSL. Throws `Error` (device) that names the kernel
/// whose answer is wrong. Takes some milliseconds.
void self_test(Device& device);

}  // namespace salus::engine::opencl
