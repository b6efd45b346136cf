// What is said about a missing or broken driver. Runs on the host shim.
#include <gmock/gmock.h>

#include "cuda_shim.h"
#include "engine/cuda/cuda_backend.h"
#include "engine/cuda/driver_status.h"
#include "engine/error.h"

namespace salus::engine::cuda {
namespace {

using testing::HasSubstr;

TEST(CudaStatus, NamesAMissingDriver) {
  const BackendStatus status =
      describe({.status = cudaErrorInsufficientDriver, .runtime_version = 13000});
  EXPECT_FALSE(status.available);
  EXPECT_THAT(status.detail, HasSubstr("no NVIDIA driver"));
  EXPECT_FALSE(status.advice.empty());
}

TEST(CudaStatus, TellsAContainerWithoutTheLibraryFromAMachineWithoutADriver) {
  const BackendStatus status = describe(
      {.status = cudaErrorInsufficientDriver, .runtime_version = 13000, .kernel_module = true});
  EXPECT_THAT(status.detail, HasSubstr("libcuda.so.1"));
  EXPECT_THAT(status.advice, HasSubstr("container"));
}

TEST(CudaStatus, SaysWhichVersionAnOldDriverHasAndWhichIsNeeded) {
  const BackendStatus status = describe({.status = cudaErrorInsufficientDriver,
                                         .driver_version = 12020,
                                         .runtime_version = 13000,
                                         .kernel_module = true});
  EXPECT_THAT(status.detail, HasSubstr("too old"));
  EXPECT_THAT(status.detail, HasSubstr("12.2"));
  EXPECT_THAT(status.detail, HasSubstr("13.0"));
}

TEST(CudaStatus, SaysWhenDeviceNodesMayNotBeUsed) {
  const BackendStatus status = describe({.status = cudaErrorNoDevice,
                                         .driver_version = 13000,
                                         .runtime_version = 13000,
                                         .kernel_module = true,
                                         .nodes_refused = true});
  EXPECT_THAT(status.detail, HasSubstr("permission"));
  EXPECT_THAT(status.advice, HasSubstr("group"));
}

TEST(CudaStatus, TellsNoGpuFromNoKernelModule) {
  DriverFindings found{
      .status = cudaErrorNoDevice, .driver_version = 13000, .runtime_version = 13000};
  EXPECT_THAT(describe(found).detail, HasSubstr("kernel module"));
  found.kernel_module = true;
  EXPECT_THAT(describe(found).detail, HasSubstr("no GPU"));
}

TEST(CudaStatus, PassesOnAnyOtherError) {
  const BackendStatus status = describe({.status = cudaErrorUnknown,
                                         .driver_version = 13000,
                                         .runtime_version = 13000,
                                         .kernel_module = true});
  EXPECT_THAT(status.detail, HasSubstr("cudaErrorUnknown"));
}

TEST(CudaStatus, ListingAndOpeningWithoutADriverSayWhy) {
  cuda_shim::reset();
  cuda_shim::set_driver({.status = cudaErrorInsufficientDriver, .device_count = 0, .version = 0});
  BackendStatus status;
  EXPECT_TRUE(list_cuda_devices(status).empty());
  EXPECT_FALSE(status.available);
  try {
    static_cast<void>(open_cuda_device(0));
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::device);
    EXPECT_THAT(error.what(), HasSubstr("cuda:0"));
  }
  cuda_shim::reset();
}

}  // namespace
}  // namespace salus::engine::cuda
