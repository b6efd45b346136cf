// What the backend says about a machine, with and without OpenCL.
#include "engine/opencl/device_list.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "engine/error.h"
#include "engine/opencl/opencl_backend.h"
#include "tests/engine/opencl/opencl_fixture.h"

namespace salus::engine::opencl {
namespace {

using testing::HasSubstr;

class VendorFolder : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string folder_ = testing::TempDir() + "salus_vendors_" + std::to_string(getpid());
};

TEST_F(VendorFolder, WithoutDriverTheAdviceIsToInstallOne) {
  const BackendStatus status = explain_no_device(folder_, {});
  EXPECT_FALSE(status.available);
  EXPECT_THAT(status.detail, HasSubstr("no OpenCL driver"));
  EXPECT_THAT(status.advice, HasSubstr("pocl-opencl-icd"));
  EXPECT_THAT(explain_no_device(folder_ + "/missing", {}).detail, HasSubstr("no OpenCL driver"));
}

TEST_F(VendorFolder, WithADriverAndAForbiddenNodeTheAdviceIsToJoinItsGroup) {
  std::ofstream(folder_ + "/mesa.icd") << "libMesaOpenCL.so.1\n";
  const BackendStatus status = explain_no_device(folder_, {"/dev/dri/renderD128"});
  EXPECT_THAT(status.detail, HasSubstr("/dev/dri/renderD128"));
  EXPECT_THAT(status.advice, HasSubstr("render"));
}

TEST_F(VendorFolder, WithADriverThatShowsNoDeviceItIsNamed) {
  std::ofstream(folder_ + "/mesa.icd") << "libMesaOpenCL.so.1\n";
  EXPECT_THAT(explain_no_device(folder_, {}).detail, HasSubstr("mesa.icd"));
}

TEST_F(VendorFolder, AnEmptyLoaderIsExplainedAndOpeningSaysTheSame) {
  // The loader reads its settings once a process, so this one needs a process of its own.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto in_new_process = [&] {
    setenv("OCL_ICD_VENDORS", folder_.c_str(), 1);
    BackendStatus status;
    const bool empty = list_opencl_devices(status).empty() && !status.available &&
                       !status.detail.empty() && !status.advice.empty();
    try {
      open_opencl_device(0);
    } catch (const Error& error) {
      std::exit(empty && error.kind() == ErrorKind::device ? 0 : 1);
    }
    std::exit(2);
  };
  EXPECT_EXIT(in_new_process(), testing::ExitedWithCode(0), "");
}

TEST(OpenClDevices, AreDescribed) {
  BackendStatus status;
  const std::vector<DeviceInfo> infos = list_opencl_devices(status);
  if (infos.empty()) GTEST_SKIP() << status.detail << "; " << status.advice;
  EXPECT_TRUE(status.available);
  for (std::size_t i = 0; i < infos.size(); ++i) {
    EXPECT_EQ(infos[i].backend, Backend::opencl);
    EXPECT_EQ(infos[i].index, i);
    EXPECT_FALSE(infos[i].name.empty());
    EXPECT_FALSE(infos[i].driver.empty());
    EXPECT_GT(infos[i].memory_bytes, 0u);
    EXPECT_GT(infos[i].compute_units, 0u);
  }
}

TEST(OpenClDevices, OneThatIsNotThereIsAnError) {
  EXPECT_THROW(open_opencl_device(1000), Error);
  EXPECT_THROW(opencl_layouts(1000), Error);
}

TEST(OpenClDevices, UseTheLayoutThatIsForced) {
  BackendStatus status;
  if (find_devices(status).empty()) GTEST_SKIP() << status.detail << "; " << status.advice;
  const std::vector<std::string> layouts = opencl_layouts(0);
  ASSERT_FALSE(layouts.empty());
  OpenClOptions options = test_options(0);
  options.layout = layouts.back();
  for (const Variant& variant : open_device(0, options)->variants()) {
    if (variant.job == Job::verify) continue;  // has one layout only
    EXPECT_EQ(variant.name, layouts.back());
    EXPECT_EQ(variant.reason, "forced");
  }
  options.layout = "17 lanes";
  EXPECT_THROW(open_device(0, options), Error);
}

}  // namespace
}  // namespace salus::engine::opencl
