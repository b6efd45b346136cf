// The kernels of both signature algorithms, and the constants that they read.
#pragma once

#include "engine/opencl/programs.h"

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
  cl::Buffer unknown_offsets;
  cl::Buffer registered_offsets;
};

/// kernels/opencl/p256_*.cl
struct P256Kernels {
  P256Kernels(const DeviceContext& device, const ProgramCache& cache, const Layout& layout);
  void save(const ProgramCache& cache);

  SignatureKernel hash;
  SignatureKernel scalars;
  SignatureKernel verify;
  SignatureKernel verify_open;
  cl::Buffer base;
};

}  // namespace salus::engine::opencl
