#include "bench/gpu/rates.h"

#include <cuda_runtime.h>

#include <algorithm>
#include <random>

#include "bench/gpu/rate_kernels.h"
#include "engine/cuda/runtime.h"

namespace salus::bench::gpu {
namespace {

using engine::cuda::check;
using engine::cuda::DeviceMemory;
using engine::cuda::Event;
using engine::cuda::PinnedMemory;
using engine::cuda::Stream;

class Meter {
 public:
  Meter(std::uint64_t threads, const Effort& effort) : threads_(threads), effort_(effort) {}

  [[nodiscard]] Rate run(const RateKernel& kernel, std::uint32_t turns) {
    const std::uint64_t bytes = threads_ * kernel.words * 4;
    fill(bytes);
    auto* const words = memory_.as<std::uint32_t>();
    const double seconds = best_seconds([&] {
      engine::cuda::launch(stream_, kernel.name, kernel.run, threads_, kBlock, words, turns);
    });
    const double operations =
        static_cast<double>(threads_) * static_cast<double>(turns) * kernel.operations;
    return {kernel.name, "operations/s", operations / seconds};
  }

  [[nodiscard]] Rate copy_in() {
    prepare_copy();
    const double seconds = best_seconds([&] {
      engine::cuda::copy_to_device(memory_.data(), pinned_.data(), pinned_.size(), stream_);
    });
    return {"pinned memory to device", "bytes/s", static_cast<double>(pinned_.size()) / seconds};
  }

  [[nodiscard]] Rate copy_out() {
    prepare_copy();
    const double seconds = best_seconds([&] {
      engine::cuda::copy_to_host(pinned_.data(), memory_.data(), pinned_.size(), stream_);
    });
    return {"device to pinned memory", "bytes/s", static_cast<double>(pinned_.size()) / seconds};
  }

 private:
  /// Once to warm up, and then the best of several times.
  template <class Work>
  double best_seconds(const Work& work) {
    double best = 0;
    for (int repetition = 0; repetition <= effort_.repetitions; ++repetition) {
      begin_.record(stream_);
      work();
      end_.record(stream_);
      end_.synchronize();
      const double seconds = static_cast<double>(end_.milliseconds_since(begin_)) / 1000;
      if (repetition == 1 || (repetition > 1 && seconds < best)) best = seconds;
    }
    return best;
  }

  /// With numbers below either field's prime.
  void fill(std::uint64_t bytes) {
    pinned_.reserve(bytes);
    memory_.reserve(bytes);
    std::mt19937 random(1);
    auto* const words = pinned_.as<std::uint32_t>();
    for (std::uint64_t i = 0; i < bytes / 4; ++i)
      words[i] = static_cast<std::uint32_t>(random()) >> (i % 8 == 7 ? 1 : 0);
    engine::cuda::copy_to_device(memory_.data(), pinned_.data(), bytes, stream_);
    stream_.synchronize();
  }

  void prepare_copy() {
    pinned_.reserve(effort_.copied_bytes);
    memory_.reserve(pinned_.size());
  }

  std::uint64_t threads_;
  const Effort& effort_;
  Stream stream_;
  Event begin_{Event::Timing::on};
  Event end_{Event::Timing::on};
  PinnedMemory pinned_;
  DeviceMemory memory_;
};

int attribute(int index, cudaDeviceAttr which) {
  int value = 0;
  check(cudaDeviceGetAttribute(&value, which, index), "ask for the device's properties");
  return value;
}

}  // namespace

DeviceRates measure_rates(int index, const Effort& effort) {
  check(cudaSetDevice(index), "choose the device");
  cudaDeviceProp properties;
  check(cudaGetDeviceProperties(&properties, index), "ask for the device's properties");
  const auto multiprocessors = static_cast<unsigned>(properties.multiProcessorCount);
  const auto resident =
      static_cast<unsigned>(attribute(index, cudaDevAttrMaxThreadsPerMultiProcessor));
  constexpr double kHertzPerKilohertz = 1000;
  DeviceRates rates{properties.name,
                    multiprocessors,
                    kHertzPerKilohertz * attribute(index, cudaDevAttrClockRate),
                    {}};
  // Whole blocks: kernels do not look at their number.
  const std::uint64_t places = std::uint64_t{multiprocessors} * resident;
  Meter meter((places + kBlock - 1) / kBlock * kBlock, effort);
  for (const RateKernel& kernel : {wide_multiply_adds(), wide_multiply_adds_with_carry()})
    rates.rates.push_back(meter.run(kernel, effort.instruction_turns));
  for (const FieldKernels& field : {field25519_kernels(), fieldp256_kernels()})
    for (const RateKernel& kernel : {field.multiply, field.square})
      rates.rates.push_back(meter.run(kernel, effort.field_turns));
  rates.rates.push_back(meter.copy_in());
  rates.rates.push_back(meter.copy_out());
  return rates;
}

}  // namespace salus::bench::gpu
