// Where kernels that are compiled for tests are kept: some take seconds, and CTest starts every
// case as a process of its own.
#pragma once

#include <filesystem>

namespace salus::test {

/// Has PoCL and Salus keep what they compile below the build's folder; that folder. To be called
/// before the first call of OpenCL.
std::filesystem::path use_kernel_cache();

}  // namespace salus::test
