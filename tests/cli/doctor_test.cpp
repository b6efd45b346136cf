// `salus doctor`, its self-test against a device that lies, and what it finds on the PCI bus.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/graphics_cards.h"
#include "cli/self_test.h"
#include "engine/cpu/cpu_backend.h"
#include "engine/error.h"
#include "tests/cli/run_salus.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

TEST(Doctor, FindsThatTheCpuWorks) {
  const TemporaryFolder cache;
  RunOptions options;
  options.environment = {"XDG_CACHE_HOME=" + cache.path().string()};
  const RunResult result = run_salus({"doctor"}, options);
  EXPECT_THAT(result.out, HasSubstr("ok    OpenSSL"));
  EXPECT_THAT(result.out, HasSubstr("ok    cpu"));
  EXPECT_THAT(result.out, HasSubstr(cache.path().string()));
  const bool failed = result.out.find("FAIL") != std::string::npos;
  EXPECT_EQ(result.exit_code, failed ? 3 : 0);
}

TEST(Doctor, SaysThatTheCacheCannotBeWritten) {
  RunOptions options;
  options.environment = {"XDG_CACHE_HOME=/proc/no-such-folder"};
  const RunResult result = run_salus({"doctor"}, options);
  EXPECT_THAT(result.out, HasSubstr("note  cannot write to /proc/no-such-folder/salus\n      -> "));
}

/// The CPU with one answer of each kind falsified.
class LyingDevice : public engine::Device {
 public:
  const engine::DeviceInfo& info() const override { return cpu_->info(); }
  std::vector<engine::Variant> variants() override { return cpu_->variants(); }
  std::vector<engine::Candidate> scan(const kernels::MineParams& params,
                                      const engine::ScanRange& range) override {
    auto found = cpu_->scan(params, range);
    if (found.size() > 1) found.erase(found.begin() + 1);  // the second hit is lost
    return found;
  }
  void hash_many(const engine::MessageView& messages, std::optional<std::uint8_t> prefix,
                 std::span<Digest> out) override {
    cpu_->hash_many(messages, prefix, out);
    out.back()[31] ^= 1;
  }
  Digest merkle_reduce(engine::TreeKind kind, std::span<const Digest> leaves,
                       std::span<Digest> levels) override {
    return cpu_->merkle_reduce(kind, leaves, levels);
  }
  Digest merkle_root(engine::TreeKind, const engine::MessageView&) override {
    throw Error(ErrorKind::device, "device lost");
  }
  bool can(engine::Job) const override { return true; }
  void verify_signatures(std::span<const engine::signature::Item> items,
                         std::span<engine::signature::Reason> out) override {
    cpu_->verify_signatures(items, out);
    if (items.size() == 1)
      out[0] = engine::signature::Reason::valid;  // right in large batches only
  }

 private:
  std::unique_ptr<engine::Device> cpu_ = engine::open_cpu_device({});
};

TEST(SelfTest, PassesOnEveryCpuVariant) {
  for (const std::string& variant : engine::cpu_variants()) {
    const auto device = engine::open_cpu_device({.threads = 2, .variant = variant});
    EXPECT_THAT(cli::self_test(*device), Each(Field(&cli::SelfTestResult::passed, true)))
        << variant;
  }
}

TEST(SelfTest, CatchesEveryLie) {
  LyingDevice device;
  const auto results = cli::self_test(device);
  EXPECT_THAT(results, Each(Field(&cli::SelfTestResult::passed, false)));
  EXPECT_THAT(results.front().problem, HasSubstr("wrong answer"));
  EXPECT_EQ(results.back().problem, "device lost");
}

TEST(SelfTest, SignaturesPassOnEveryCpuVariant) {
  for (const std::string& variant : engine::cpu_verify_variants()) {
    const auto device = engine::open_cpu_device({.threads = 2, .verify_variant = variant});
    EXPECT_THAT(cli::self_test_signatures(*device), Each(Field(&cli::SelfTestResult::passed, true)))
        << variant;
  }
}

TEST(SelfTest, CatchesALieAboutSignatures) {
  LyingDevice device;
  const auto results = cli::self_test_signatures(device);
  EXPECT_THAT(results, Each(Field(&cli::SelfTestResult::problem,
                                  HasSubstr("in batches of 1 is valid, OpenSSL says mismatch"))));
}

TEST(GraphicsCards, AreFoundByClassAndVendor) {
  const TemporaryFolder sys;
  sys.write("bus/pci/devices/0000:17:00.0/class", "0x030200\n");
  sys.write("bus/pci/devices/0000:17:00.0/vendor", "0x10de\n");
  sys.write("bus/pci/devices/0000:18:00.0/class", "0x020000\n");  // a network card
  sys.write("bus/pci/devices/0000:18:00.0/vendor", "0x10de\n");
  sys.write("bus/pci/devices/0000:03:00.0/class", "0x030000\n");
  sys.write("bus/pci/devices/0000:03:00.0/vendor", "0x1a03\n");  // a server's console
  const auto cards = cli::list_graphics_cards(sys.path());
  ASSERT_EQ(cards.size(), 1);
  EXPECT_EQ(cards[0].pci_bus_id, "0000:17:00.0");
  EXPECT_EQ(cards[0].vendor, "NVIDIA");
}

TEST(GraphicsCards, NoPciBusIsNoCards) {
  EXPECT_TRUE(cli::list_graphics_cards("/no/such/folder").empty());
}

TEST(GraphicsCards, DeviceFilesThatOneMayOpenAreNotReported) {
  const TemporaryFolder dev;
  dev.write("nvidia0", "");
  dev.write("dri/renderD128", "");
  dev.write("sda", "");
  EXPECT_THAT(cli::forbidden_device_files(dev.path()), ElementsAre());
}

}  // namespace
}  // namespace salus::test
