// What CUDA tests share. The same tests run on the host shim and, on a machine that has one, on a
// GPU.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "engine/cuda/hasher.h"
#include "engine/cuda/miner.h"
#include "engine/cuda/tree_reducer.h"
#include "tests/support/random_data.h"

namespace salus::engine::cuda {

/// The parts of a device with sizes so small that little data takes several batches and launches.
struct Parts {
  Parts();

  Sizes sizes;
  Stream compute;
  MessageFeed feed;
  Miner miner;
  Hasher hasher;
  TreeReducer reducer;
};

/// Skipped, with the reason, where there is no device.
class CudaTest : public testing::Test {
 protected:
  void SetUp() override;

  std::unique_ptr<Parts> parts_;
};

using test::random_bytes;
using test::random_digests;

}  // namespace salus::engine::cuda
