// What becomes of signatures when a CUDA call fails, or when work runs at another time than hoped.
// Runs on the host shim.
#include <gtest/gtest.h>

#include "cuda_shim.h"
#include "engine/cuda/signature_verifier.h"
#include "engine/error.h"
#include "engine/signature/device/known_items.h"

namespace salus::engine::cuda {
namespace {

using signature::Algorithm;
using signature::Item;
using signature::Reason;

constexpr Sizes kSizes{.resident_threads = 8,
                       .batch_messages = 16,
                       .batch_bytes = 4096,
                       .staging_bytes = 4096,
                       .scan_hashes = 64,
                       .hit_slots = 64};
constexpr std::uint64_t kRoomForTables = std::uint64_t{4} << 20;
/// Every call takes a whole verification: under a sanitizer only some of them are made to fail.
#ifdef __SANITIZE_ADDRESS__
constexpr std::size_t kStep = 17;
#else
constexpr std::size_t kStep = 1;
#endif

/// The known items `times` over, as a caller gives them.
void verify_known_items(std::size_t times) {
  Stream compute;
  SignatureVerifier verifier(kSizes, compute, kRoomForTables);
  for (const Algorithm algorithm : {Algorithm::ed25519, Algorithm::p256}) {
    const auto known = signature::device::known_items(algorithm);
    const auto some = signature::device::views(algorithm, known);
    std::vector<Item> items;
    for (std::size_t i = 0; i < times; ++i) items.insert(items.end(), some.begin(), some.end());
    std::vector<Reason> out(items.size(), Reason::unknown_algorithm);
    verifier.verify(items, out);
    for (std::size_t i = 0; i < out.size(); ++i) ASSERT_EQ(out[i], known[i % known.size()].reason);
  }
}

class CudaSignatureFault : public testing::Test {
 protected:
  void SetUp() override { cuda_shim::reset(); }
  void TearDown() override {
    cuda_shim::reset();
    EXPECT_EQ(cuda_shim::live_resources(), 0U);
  }
};

TEST_F(CudaSignatureFault, AtAnyCallIsADeviceErrorAndLeaksNothing) {
  verify_known_items(1);
  const std::size_t calls = cuda_shim::calls();
  std::size_t errors = 0;
  for (std::size_t call = 1; call <= calls; call += kStep) {
    cuda_shim::reset();
    cuda_shim::fail_call(call, cudaErrorLaunchFailure, true);
    try {
      verify_known_items(1);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::device);
      ++errors;
    }
    cuda_shim::reset();
    EXPECT_EQ(cuda_shim::live_resources(), 0U) << "after call " << call;
  }
  EXPECT_GT(errors, calls / kStep / 2);
}

TEST_F(CudaSignatureFault, AWrongAnswerToAKnownItemRefusesTheDevice) {
  // Of each algorithm: with any key, with the one that has no table, and with tables.
  for (std::size_t copy = 1; copy <= 6; ++copy) {
    cuda_shim::reset();
    cuda_shim::corrupt_copy_to_host(copy);
    EXPECT_THROW(verify_known_items(1), Error);
  }
}

TEST_F(CudaSignatureFault, ManyBatchesInEitherOrderOfWork) {
  for (const cuda_shim::Order order : {cuda_shim::Order::late, cuda_shim::Order::early}) {
    cuda_shim::reset(order);
    verify_known_items(40);
  }
}

TEST_F(CudaSignatureFault, TooLittleMemoryIsADeviceError) {
  cuda_shim::set_memory_limit(200'000);
  EXPECT_THROW(verify_known_items(1), Error);
}

}  // namespace
}  // namespace salus::engine::cuda
