// The device as the engine opens it, with the kernels that it chose.
#include <gmock/gmock.h>

#include "engine/cuda/cuda_backend.h"
#include "engine/error.h"
#include "engine/merkle/tree.h"
#include "engine/openssl_sha256.h"
#include "tests/engine/cuda/cuda_fixture.h"

namespace salus::engine::cuda {
namespace {

class OpenCudaDevice : public CudaTest {
 protected:
  void SetUp() override {
    CudaTest::SetUp();
    if (IsSkipped()) return;
    parts_.reset();
    device_ = open_cuda_device(0);
  }

  std::unique_ptr<Device> device_;
};

TEST_F(OpenCudaDevice, IsListedAsItIsOpened) {
  BackendStatus status;
  const std::vector<DeviceInfo> listed = list_cuda_devices(status);
  ASSERT_FALSE(listed.empty());
  EXPECT_TRUE(status.available);
  EXPECT_EQ(listed[0].id(), "cuda:0");
  EXPECT_EQ(listed[0].name, device_->info().name);
  EXPECT_GT(listed[0].memory_bytes, 0u);
  EXPECT_GT(listed[0].compute_units, 0u);
  EXPECT_FALSE(listed[0].driver.empty());
  EXPECT_EQ(listed[0].pci_bus_id.size(), std::string("0000:17:00.0").size());
}

TEST_F(OpenCudaDevice, SaysWhichKernelItChoseForEachJobAndWhy) {
  unsigned mine = 0, hash = 0, merkle = 0;
  for (const Variant& variant : device_->variants()) {
    EXPECT_FALSE(variant.name.empty());
    EXPECT_FALSE(variant.reason.empty());
    mine += variant.job == Job::mine;
    hash += variant.job == Job::hash;
    merkle += variant.job == Job::merkle;
  }
  EXPECT_EQ(mine, 2u);
  EXPECT_EQ(hash, 1u);
  EXPECT_EQ(merkle, 1u);
}

/// Every job that the device can do, over the same entries.
void expect_right_answers(Device& device) {
  const std::vector<std::uint8_t> bytes = random_bytes(3000 * 32, 11);
  const MessageView entries = MessageView::fixed(bytes, 32);
  if (device.can(Job::hash)) {
    std::vector<Digest> digests(entries.count());
    device.hash_many(entries, 0, digests);
    for (std::size_t i = 0; i < digests.size(); ++i)
      ASSERT_EQ(digests[i], merkle::leaf_hash(TreeKind::rfc9162, entries[i]));

    std::vector<Digest> levels(merkle_levels_size(digests.size()));
    const Digest root = device.merkle_reduce(TreeKind::rfc9162, digests, levels);
    EXPECT_EQ(merkle::Tree(TreeKind::rfc9162, digests, levels).root(), root);
    EXPECT_EQ(device.merkle_reduce(TreeKind::rfc9162, digests, {}), root);
    EXPECT_EQ(device.merkle_root(TreeKind::rfc9162, entries), root);
    EXPECT_EQ(device.merkle_root(TreeKind::rfc9162, entries.slice(0, 1)), digests[0]);
    EXPECT_EQ(device.merkle_reduce(TreeKind::bitcoin, std::span(digests).first(1), {}), digests[0]);
  }
  kernels::MineParams params{};
  params.reject_mask = 0;
  EXPECT_EQ(device.scan(params, {10, 100, 5}).size(), 500u);
}

TEST_F(OpenCudaDevice, DoesEveryJob) {
  for (const Job job : kAllJobs) EXPECT_TRUE(device_->can(job)) << to_string(job);
  expect_right_answers(*device_);
}

TEST_F(OpenCudaDevice, UsesTheFormThatIsForced) {
  unsigned hashing = 0;
  for (const std::string& form : cuda_forms()) {
    const std::unique_ptr<Device> device = open_cuda_device(0, form);
    for (const Variant& variant : device->variants()) {
      if (variant.job == Job::verify) continue;  // has one form only
      EXPECT_THAT(variant.name, testing::ContainsRegex("(^|, )" + form + ", [0-9]+ threads"));
    }
    hashing += device->can(Job::hash);
    expect_right_answers(*device);
  }
  EXPECT_EQ(cuda_forms().size(), 4u);
  EXPECT_EQ(hashing, 2u);
  EXPECT_THROW(open_cuda_device(0, "octagonal"), Error);
}

TEST_F(OpenCudaDevice, RefusesAnIndexThatIsNotThere) {
  try {
    static_cast<void>(open_cuda_device(77));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::device);
    EXPECT_THAT(error.what(), testing::HasSubstr("cuda:77"));
  }
}

}  // namespace
}  // namespace salus::engine::cuda
