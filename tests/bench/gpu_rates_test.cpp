// The kernels that measure a GPU compute what they say, and every rate is measured. Runs on the
// host shim, where the rates themselves mean nothing.
#include "bench/gpu/rates.h"

#include <gmock/gmock.h>
#include <openssl/bn.h>

#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "bench/gpu/rate_kernels.h"
#include "cuda_shim.h"
#include "engine/cuda/runtime.h"
#include "engine/error.h"

namespace salus::bench::gpu {
namespace {

constexpr Effort kLittle{
    .instruction_turns = 2, .field_turns = 3, .copied_bytes = 4096, .repetitions = 2};

struct FreeNumber {
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
using BigNumber = std::unique_ptr<BIGNUM, FreeNumber>;
using Element = std::array<std::uint32_t, 8>;

constexpr Element kElement = {1, 2, 3, 5, 8, 13, 21, 34};

class GpuRates : public testing::Test {
 protected:
  void SetUp() override { cuda_shim::reset(); }

  /// What one block of the kernel makes of kElement; the same in each thread.
  static Element run(const RateKernel& kernel, std::uint32_t turns) {
    const engine::cuda::Stream stream;
    std::vector<Element> elements(kBlock, kElement);
    auto* const bytes = reinterpret_cast<std::uint8_t*>(elements.data());
    const std::size_t size = elements.size() * sizeof(Element);
    const engine::cuda::DeviceMemory memory(size);
    engine::cuda::copy_to_device(memory.data(), bytes, size, stream);
    engine::cuda::launch(stream, kernel.name, kernel.run, kBlock, kBlock,
                         memory.as<std::uint32_t>(), turns);
    engine::cuda::copy_to_host(bytes, memory.data(), size, stream);
    stream.synchronize();
    EXPECT_THAT(elements, testing::Each(elements[0]));
    return elements[0];
  }

  BigNumber number(const Element& element) {
    return BigNumber(BN_lebin2bn(reinterpret_cast<const unsigned char*>(element.data()),
                                 sizeof element, nullptr));
  }

  BigNumber prime(const char* hex) {
    BIGNUM* prime = nullptr;
    BN_hex2bn(&prime, hex);
    return BigNumber(prime);
  }

  /// Expects result * 2^shift = kElement^power modulo the prime.
  void expect_power(const Element& result, int shift, unsigned power, const BIGNUM* prime) {
    const BigNumber exponent(BN_new());
    BN_set_word(exponent.get(), power);
    const BigNumber expected(BN_new());
    BN_mod_exp(expected.get(), number(kElement).get(), exponent.get(), prime, context_.get());
    const BigNumber shifted(BN_new());
    BN_lshift(shifted.get(), number(result).get(), shift);
    BN_mod(shifted.get(), shifted.get(), prime, context_.get());
    EXPECT_EQ(BN_cmp(shifted.get(), expected.get()), 0);
  }

  std::unique_ptr<BN_CTX, FreeNumber> context_{BN_CTX_new()};
};

TEST_F(GpuRates, FieldKernelsMultiplyAndSquare) {
  const BigNumber p25519 =
      prime("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");
  expect_power(run(field25519_kernels().multiply, 5), 0, 6, p25519.get());
  expect_power(run(field25519_kernels().square, 3), 0, 8, p25519.get());
  // In Montgomery form each product is divided by 2^256.
  const BigNumber p256 = prime("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
  expect_power(run(fieldp256_kernels().multiply, 5), 5 * 256, 6, p256.get());
  expect_power(run(fieldp256_kernels().square, 3), 7 * 256, 8, p256.get());
}

TEST_F(GpuRates, MeasuresEveryRate) {
  const DeviceRates rates = measure_rates(0, kLittle);
  EXPECT_EQ(rates.device, "Host shim");
  EXPECT_EQ(rates.multiprocessors, 1U);
  EXPECT_GT(rates.clock_hz, 0);
  std::vector<std::string> names;
  for (const Rate& rate : rates.rates) {
    names.push_back(rate.name);
    EXPECT_TRUE(std::isfinite(rate.value) && rate.value > 0) << rate.name;
  }
  EXPECT_THAT(names,
              testing::ElementsAre("IMAD.WIDE", "IMAD.WIDE with carry", "2^255 - 19, multiply",
                                   "2^255 - 19, square", "P-256, multiply", "P-256, square",
                                   "pinned memory to device", "device to pinned memory"));
  EXPECT_EQ(cuda_shim::live_resources(), 0U);
}

TEST_F(GpuRates, AFailedCallIsAnErrorAndLeaksNothing) {
  static_cast<void>(measure_rates(0, kLittle));
  const std::size_t calls = cuda_shim::calls();
  for (std::size_t call = 1; call <= calls; call += 7) {
    cuda_shim::reset();
    cuda_shim::fail_call(call, cudaErrorLaunchFailure, true);
    try {
      static_cast<void>(measure_rates(0, kLittle));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::device);
    }
    cuda_shim::reset();
    EXPECT_EQ(cuda_shim::live_resources(), 0U) << "after call " << call;
  }
}

}  // namespace
}  // namespace salus::bench::gpu
