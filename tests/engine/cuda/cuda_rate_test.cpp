// What every kernel does on the device, printed, with the results checked; nothing is asserted
// about speed. Only built for real hardware.
#include <cstdio>
#include <functional>
#include <utility>

#include "engine/merkle/tree.h"
#include "tests/engine/cuda/cuda_fixture.h"

namespace salus::engine::cuda {
namespace {

constexpr std::size_t kDigest = 32;

class CudaRate : public CudaTest {
 protected:
  /// Seconds that the device takes for what `queue` queues, best of three, after a run to warm up.
  double seconds(const std::function<void()>& queue) {
    double best = 0;
    for (int i = 0; i < 4; ++i) {
      start_->record(parts_->compute);
      queue();
      stop_->record(parts_->compute);
      stop_->synchronize();
      const double now = stop_->milliseconds_since(*start_) / 1e3;
      if (i == 1 || (i > 1 && now < best)) best = now;
    }
    return best;
  }

  void SetUp() override {
    CudaTest::SetUp();
    if (IsSkipped()) return;
    start_ = std::make_unique<Event>(Event::Timing::on);
    stop_ = std::make_unique<Event>(Event::Timing::on);
  }

  std::unique_ptr<Event> start_;
  std::unique_ptr<Event> stop_;
};

TEST_F(CudaRate, OfEveryMiningKernel) {
  constexpr std::uint32_t kNonces = 1u << 27;
  DeviceMemory counter(sizeof(std::uint32_t));
  fill_zero(counter.data(), counter.size(), parts_->compute);
  kernels::MineParams params{};
  params.reject_mask = 0xffffffffu;
  const kernels::cuda::MineHits hits{nullptr, counter.as<std::uint32_t>(), 0};
  for (const MineChoice& choice : mine_choices(SALUS_MINE_MAX_VERSIONS)) {
    const unsigned versions = choice.entry.versions == 0 ? 8 : choice.entry.versions;
    const kernels::cuda::MineRange range{0, kNonces / versions, 0, versions};
    const double time = seconds([&] {
      launch(parts_->compute, "scan headers", choice.entry.kernel, range.nonce_count, choice.block,
             params, range, hits);
    });
    std::printf("%-70s %7.3f GH/s\n", choice.name().c_str(), kNonces / time / 1e9);
  }
}

TEST_F(CudaRate, OfRootsOver2To26LeavesInDeviceMemory) {
  constexpr std::size_t kLeaves = std::size_t{1} << 26;
  DeviceMemory nodes[2];
  nodes[0].reserve(kLeaves * kDigest);
  nodes[1].reserve(kLeaves / 2 * kDigest);
  Downloader download(4096);
  for (const TreeKind kind : {TreeKind::rfc9162, TreeKind::bitcoin}) {
    Digest expected{};  // all leaves are zero, so all nodes of a level are equal
    for (std::size_t count = kLeaves; count > 1; count /= 2)
      expected = merkle::node_hash(kind, expected, expected);
    for (const HashChoice& choice : hash_choices()) {
      const auto kernel =
          kind == TreeKind::bitcoin ? choice.entries.level_bitcoin : choice.entries.level_rfc9162;
      unsigned last = 0;
      const double time = seconds([&] {
        fill_zero(nodes[0].data(), kLeaves * kDigest, parts_->compute);
        start_->record(parts_->compute);
        last = 0;
        for (std::size_t count = kLeaves; count > 1; count /= 2, last ^= 1)
          launch(parts_->compute, "reduce a level", kernel, count / 2, choice.block,
                 nodes[last].data(), nodes[last ^ 1].data(), static_cast<std::uint32_t>(count));
      });
      Digest root;
      download.copy(root, nodes[last].data(), parts_->compute);
      EXPECT_EQ(root, expected);
      std::printf("%-8s %-40s %7.3f G leaves/s\n",
                  kind == TreeKind::bitcoin ? "bitcoin" : "rfc9162", choice.name().c_str(),
                  kLeaves / time / 1e9);
    }
  }
}

}  // namespace
}  // namespace salus::engine::cuda
