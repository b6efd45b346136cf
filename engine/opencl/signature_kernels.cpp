#include "engine/opencl/signature_kernels.h"

#include "engine/opencl/kernel_sources.h"
#include "engine/signature/device/key_tables.h"
#include "engine/signature/device/scalar_offsets.h"

namespace salus::engine::opencl {
namespace {

cl::Buffer constant_buffer(const DeviceContext& device, const void* data, std::size_t size) {
  cl::Buffer buffer(device.context, CL_MEM_READ_ONLY, size);
  device.queues[0].enqueueWriteBuffer(buffer, CL_TRUE, 0, size, data);
  return buffer;
}

cl::Buffer offsets(const DeviceContext& device, unsigned key_bits) {
  const auto words = signature::device::scalar_offsets(key_bits);
  return constant_buffer(device, words.data(), sizeof words);
}

cl::Buffer p256_base(const DeviceContext& device) {
  const Bytes table = signature::device::p256_base_table();
  return constant_buffer(device, table.data(), table.size());
}

}  // namespace

Ed25519Kernels::Ed25519Kernels(const DeviceContext& device, const ProgramCache& cache,
                               const Layout& layout)
    : challenge(device, cache, kEd25519ChallengeSource, "challenge", layout),
      sum_unknown(device, cache, kEd25519SumSource, "sum_unknown", layout),
      sum_registered(device, cache, kEd25519SumRegisteredSource, "sum_registered", layout),
      finish(device, cache, kEd25519FinishSource, "finish", layout),
      unknown_offsets(offsets(device, SALUS_KEY_WINDOW)),
      registered_offsets(offsets(device, signature::device::kKeyTableBits)) {}

void Ed25519Kernels::save(const ProgramCache& cache) {
  for (SignatureKernel* kernel : {&challenge, &sum_unknown, &sum_registered, &finish})
    kernel->program.save(cache);
}

P256Kernels::P256Kernels(const DeviceContext& device, const ProgramCache& cache,
                         const Layout& layout)
    : hash(device, cache, kP256HashSource, "hash", layout),
      scalars(device, cache, kP256ScalarsSource, "scalars", layout),
      verify(device, cache, kP256VerifySource, "verify", layout),
      verify_open(device, cache, kP256VerifyOpenSource, "verify_open", layout),
      base(p256_base(device)) {}

void P256Kernels::save(const ProgramCache& cache) {
  for (SignatureKernel* kernel : {&hash, &scalars, &verify, &verify_open})
    kernel->program.save(cache);
}

}  // namespace salus::engine::opencl
