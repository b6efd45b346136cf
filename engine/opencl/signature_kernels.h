// The kernels of both signature algorithms, and the constants that they read.
#pragma once

#include <array>

#include "engine/opencl/programs.h"
#include "engine/signature/cache/table_slots.h"

namespace salus::engine::opencl {

/// A kernel that is alone in its program.
struct SignatureKernel {
  SignatureKernel(const DeviceContext& device, const ProgramCache& cache, const char* source,
                  const char* name, const Layout& layout)
      : program(device, cache, source, layout), kernel(program.kernel(name)) {}

  BuiltProgram program;
  cl::Kernel kernel;
};

/// kernels/opencl/ed25519_*.cl
struct Ed25519Kernels {
  Ed25519Kernels(const DeviceContext& device, const ProgramCache& cache, const Layout& layout);
  void save(const ProgramCache& cache);

  SignatureKernel challenge;
  SignatureKernel sum_unknown;
  SignatureKernel sum_registered;
  SignatureKernel finish;
  cl::Buffer base;
  /// engine/signature/device/scalar_offsets.h, for keys without a table and with one.
  [[nodiscard]] const cl::Buffer& offsets(signature::TableSize size) const {
    return offsets_[static_cast<std::size_t>(size)];
  }

 private:
  std::array<cl::Buffer, 3> offsets_;
};

/// kernels/opencl/p256_*.cl
struct P256Kernels {
  P256Kernels(const DeviceContext& device, const ProgramCache& cache, const Layout& layout);
  void save(const ProgramCache& cache);

  SignatureKernel hash;
  SignatureKernel scalars;
  SignatureKernel verify;
  SignatureKernel verify_registered;
  SignatureKernel verify_open;
  cl::Buffer base;
};

}  // namespace salus::engine::opencl
