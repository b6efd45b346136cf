#include "engine/opencl/signature_kernels.h"

#include "engine/opencl/kernel_sources.h"
#include "engine/signature/cpu/host_tables.h"
#include "engine/signature/device/base_tables.h"
#include "engine/signature/device/scalar_offsets.h"

namespace salus::engine::opencl {
namespace {

cl::Buffer constant_buffer(const DeviceContext& device, Bytes data) {
  cl::Buffer buffer(device.context, CL_MEM_READ_ONLY, data.size());
  device.queues[0].enqueueWriteBuffer(buffer, CL_TRUE, 0, data.size(), data.data());
  return buffer;
}

cl::Buffer offsets_for(const DeviceContext& device, unsigned key_bits) {
  const auto words = signature::device::scalar_offsets(key_bits);
  return constant_buffer(device,
                         {reinterpret_cast<const std::uint8_t*>(words.data()), sizeof words});
}

cl::Buffer offsets_for(const DeviceContext& device, signature::TableSize size) {
  return offsets_for(device, static_cast<unsigned>(signature::cpu::window_bits(size)));
}

}  // namespace

Ed25519Kernels::Ed25519Kernels(const DeviceContext& device, const ProgramCache& cache,
                               const Layout& layout)
    : challenge(device, cache, kEd25519ChallengeSource, "challenge", layout),
      sum_unknown(device, cache, kEd25519SumSource, "sum_unknown", layout),
      sum_registered(device, cache, kEd25519SumRegisteredSource, "sum_registered", layout),
      finish(device, cache, kEd25519FinishSource, "finish", layout),
      base(constant_buffer(device, signature::device::ed25519_base_table())),
      offsets_{offsets_for(device, SALUS_KEY_WINDOW),
               offsets_for(device, signature::TableSize::small),
               offsets_for(device, signature::TableSize::large)} {}

void Ed25519Kernels::save(const ProgramCache& cache) {
  for (SignatureKernel* kernel : {&challenge, &sum_unknown, &sum_registered, &finish})
    kernel->program.save(cache);
}

P256Kernels::P256Kernels(const DeviceContext& device, const ProgramCache& cache,
                         const Layout& layout)
    : hash(device, cache, kP256HashSource, "hash", layout),
      scalars(device, cache, kP256ScalarsSource, "scalars", layout),
      verify(device, cache, kP256VerifySource, "verify", layout),
      verify_registered(device, cache, kP256VerifyRegisteredSource, "verify_registered", layout),
      verify_open(device, cache, kP256VerifyOpenSource, "verify_open", layout),
      base(constant_buffer(device, signature::device::p256_base_table())) {}

void P256Kernels::save(const ProgramCache& cache) {
  for (SignatureKernel* kernel : {&hash, &scalars, &verify, &verify_registered, &verify_open})
    kernel->program.save(cache);
}

}  // namespace salus::engine::opencl
