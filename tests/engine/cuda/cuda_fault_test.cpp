// What becomes of a job when a CUDA call fails, at whichever call it is. Runs on the host shim.
#include <gmock/gmock.h>

#include <functional>

#include "cuda_shim.h"
#include "engine/cuda/cuda_backend.h"
#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "tests/engine/cuda/cuda_fixture.h"

namespace salus::engine::cuda {
namespace {

using testing::HasSubstr;

void use_every_job(Device& device) {
  const std::vector<std::uint8_t> bytes = random_bytes(200 * 32, 12);
  const MessageView entries = MessageView::fixed(bytes, 32);
  std::vector<Digest> digests(entries.count());
  device.hash_many(entries, std::nullopt, digests);
  for (std::size_t i = 0; i < digests.size(); ++i)
    ASSERT_EQ(digests[i], openssl_sha256(entries[i]));
  std::vector<Digest> levels(merkle_levels_size(digests.size()));
  ASSERT_EQ(device.merkle_reduce(TreeKind::rfc9162, digests, levels),
            device.merkle_reduce(TreeKind::rfc9162, digests, {}));
  kernels::MineParams params{};
  ASSERT_EQ(device.scan(params, {0, 50, 3}).size(), 150u);
}

void open_and_use() {
  const std::unique_ptr<Device> device = open_cuda_device(0);
  use_every_job(*device);
}

/// Expects `open_and_use` to end with an error of kind device, or, when the call that failed was
/// one whose failure does not matter (a release), to do its work.
void expect_device_error_or_nothing() {
  try {
    open_and_use();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::device) << error.what();
  }
}

class CudaFault : public testing::TestWithParam<std::pair<cudaError_t, bool>> {
 protected:
  void SetUp() override {
    cuda_shim::reset();
    before_ = cuda_shim::live_resources();
  }
  void TearDown() override {
    cuda_shim::reset();
    EXPECT_EQ(cuda_shim::live_resources(), before_);
  }

  std::size_t before_ = 0;
};

TEST_P(CudaFault, AtAnyCallIsADeviceErrorAndLeaksNothing) {
  open_and_use();
  const std::size_t calls = cuda_shim::calls();
  ASSERT_GT(calls, 500u);
  // Every call of the beginning, which makes all resources; then ever sparser ones, since each run
  // does all the work that is before the call.
  std::size_t step = 1;
  for (std::size_t call = 1; call <= calls; call += step) {
    SCOPED_TRACE(call);
    cuda_shim::reset();
    cuda_shim::fail_call(call, GetParam().first, GetParam().second);
    expect_device_error_or_nothing();
    cuda_shim::reset();
    ASSERT_EQ(cuda_shim::live_resources(), before_);
    step = call < 100 ? 1 : call / 8;
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, CudaFault,
                         testing::Values(std::pair{cudaErrorMemoryAllocation, false},
                                         std::pair{cudaErrorLaunchFailure, true}),
                         [](const auto& test) {
                           return test.param.second ? "LostDevice" : "OutOfMemory";
                         });

class CudaRecovery : public CudaFault {};

TEST_F(CudaRecovery, ADeviceThatRanOutOfMemoryDoesTheNextJob) {
  const std::unique_ptr<Device> device = open_cuda_device(0);
  use_every_job(*device);
  std::vector<std::uint8_t> large(std::size_t{8} << 20);
  const std::vector<Bytes> messages = {large};
  std::vector<Digest> digest(1);
  cuda_shim::set_memory_limit(std::size_t{4} << 20);
  try {
    device->hash_many(MessageView::scattered(messages), std::nullopt, digest);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::device);
    EXPECT_THAT(error.what(), HasSubstr("cuda:0"));
    EXPECT_THAT(error.what(), HasSubstr("cudaErrorMemoryAllocation"));
  }
  use_every_job(*device);
}

TEST_F(CudaRecovery, ALostDeviceRefusesEveryFurtherJobAtOnce) {
  const std::unique_ptr<Device> device = open_cuda_device(0);
  use_every_job(*device);
  cuda_shim::fail_call(cuda_shim::calls() + 5, cudaErrorIllegalAddress, true);
  EXPECT_THROW(use_every_job(*device), Error);
  const std::size_t calls = cuda_shim::calls();
  try {
    use_every_job(*device);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::device);
    EXPECT_THAT(error.what(), HasSubstr("was lost: cudaErrorIllegalAddress"));
  }
  EXPECT_EQ(cuda_shim::calls(), calls);
}

TEST_F(CudaRecovery, ADeviceWithWrongAnswersIsNotOpened) {
  { const std::unique_ptr<Device> device = open_cuda_device(0); }
  const std::size_t copies = cuda_shim::copies_to_host();
  ASSERT_GT(copies, 10u);
  for (std::size_t copy = 1; copy <= copies; ++copy) {
    cuda_shim::reset();
    cuda_shim::corrupt_copy_to_host(copy);
    try {
      static_cast<void>(open_cuda_device(0));
      ADD_FAILURE() << "copy " << copy << " was wrong and nobody noticed";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::device);
    }
  }
}

TEST_F(CudaRecovery, AnswersDoNotDependOnWhenQueuedWorkRuns) {
  for (const auto order : {cuda_shim::Order::late, cuda_shim::Order::early}) {
    cuda_shim::reset(order);
    open_and_use();
  }
}

}  // namespace
}  // namespace salus::engine::cuda
