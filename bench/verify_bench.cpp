// Ed25519 verification on one core: every variant that this CPU supports, for unknown keys over
// batch sizes and for registered keys, with OpenSSL beside them.
//
//   taskset -c 1 build/test/bench/verify_bench
//
// "items" is verifications a second of CPU time; "cycles" is core cycles an item, by the clock
// measured beside it. Messages have 128 bytes, every item a key of its own except where the name
// says so.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/bench/core_clock.h"
#include "engine/signature/cpu/ed25519_batch.h"
#include "engine/signature/reference.h"

namespace salus::bench {
namespace {

using namespace engine::signature;  // NOLINT: a program about nothing else

constexpr std::size_t kMessageBytes = 128;

struct Signed {
  std::vector<std::uint8_t> message;
  std::vector<std::uint8_t> key;
  std::vector<std::uint8_t> signature;
};

class Signer {
 public:
  explicit Signer(std::mt19937_64& random) {
    std::vector<std::uint8_t> seed(kEd25519KeyBytes);
    for (auto& byte : seed) byte = static_cast<std::uint8_t>(random());
    key_.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  }

  [[nodiscard]] Signed sign(std::vector<std::uint8_t> message) const {
    Signed out{std::move(message), std::vector<std::uint8_t>(kEd25519KeyBytes),
               std::vector<std::uint8_t>(kSignatureBytes)};
    std::size_t key_size = out.key.size();
    std::size_t size = out.signature.size();
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    if (EVP_PKEY_get_raw_public_key(key_.get(), out.key.data(), &key_size) != 1 ||
        EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), out.signature.data(), &size, out.message.data(),
                       out.message.size()) != 1)
      throw std::runtime_error("OpenSSL cannot sign");
    return out;
  }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_{nullptr, EVP_PKEY_free};
};

/// `count` signatures by `keys` signers in turn.
std::vector<Signed> make_signed(std::size_t count, std::size_t keys) {
  std::mt19937_64 random(1);
  std::vector<Signer> signers;
  for (std::size_t i = 0; i < keys; ++i) signers.emplace_back(random);
  std::vector<Signed> out;
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<std::uint8_t> message(kMessageBytes);
    for (auto& byte : message) byte = static_cast<std::uint8_t>(random());
    out.push_back(signers[i % keys].sign(std::move(message)));
  }
  return out;
}

std::vector<Item> views(const std::vector<Signed>& all) {
  std::vector<Item> items;
  for (const Signed& s : all) items.push_back({Algorithm::ed25519, s.key, s.message, s.signature});
  return items;
}

/// Runs `verify` and counts `items` for each call.
template <typename Verify>
void measure(benchmark::State& state, std::size_t items, Verify verify) {
  double clock = cli::bench::measure_core_clock();
  for (auto _ : state) verify();
  clock = (clock + cli::bench::measure_core_clock()) / 2;
  const double count = static_cast<double>(state.iterations()) * static_cast<double>(items);
  state.counters["items"] = benchmark::Counter(count, benchmark::Counter::kIsRate);
  state.counters["cycles"] =
      benchmark::Counter(count / clock, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["GHz"] = clock / 1e9;
}

void reference(benchmark::State& state) {
  const auto all = make_signed(64, 64);
  const auto items = views(all);
  std::size_t next = 0;
  measure(state, 1, [&] {
    if (verify_reference(items[next++ % items.size()]) != Reason::valid)
      state.SkipWithError("a good signature was refused");
  });
}

/// Keys that were never seen; the first `bad_percent` in 100 items have a bad signature.
void unknown_keys(benchmark::State& state, const cpu::Ed25519Variant& variant, std::size_t batch,
                  std::size_t bad_percent) {
  auto all = make_signed(batch, batch);
  std::size_t bad = 0;
  for (std::size_t i = 0; i < batch; ++i) {
    if (i % 100 >= bad_percent) continue;
    all[i].signature[0] ^= 1;
    ++bad;
  }
  const auto items = views(all);
  Verdicts verdicts(batch);
  std::vector<std::size_t> indices(batch);
  measure(state, batch, [&] {
    std::iota(indices.begin(), indices.end(), std::size_t{0});
    cpu::verify_ed25519(variant, items, indices, verdicts);
  });
  if (verdicts.count_valid() != batch - bad) state.SkipWithError("a verdict is wrong");
}

struct FreeMemory {
  void operator()(std::uint64_t* memory) const { std::free(memory); }
};
using Memory = std::unique_ptr<std::uint64_t, FreeMemory>;

/// Words on huge pages where the system has them: rows of tables are read in no order, and page
/// walks would cost more than the rows.
Memory allocate_words(std::size_t words) {
  constexpr std::size_t kHugePage = std::size_t{2} << 20;
  const std::size_t bytes = (words * sizeof(std::uint64_t) + kHugePage - 1) / kHugePage * kHugePage;
  Memory memory(static_cast<std::uint64_t*>(std::aligned_alloc(kHugePage, bytes)));
  if (!memory) throw std::bad_alloc();
  madvise(memory.get(), bytes, MADV_HUGEPAGE);
  return memory;
}

/// Every key has a comb table; 16 different signatures of each, so that rows are not found in
/// caches by chance. Hashing is part of the work.
void registered_keys(benchmark::State& state, const cpu::Ed25519Variant& variant, int bits,
                     std::size_t keys) {
  const auto all = make_signed(keys * 16, keys);
  const Memory memory = allocate_words(keys * cpu::comb_words(bits));
  std::vector<const std::uint8_t*> key_bytes;
  std::vector<std::uint64_t*> tables;
  for (std::size_t i = 0; i < keys; ++i) {
    key_bytes.push_back(all[i].key.data());
    tables.push_back(memory.get() + i * cpu::comb_words(bits));
  }
  const std::unique_ptr<bool[]> is_on_curve(new bool[keys]);
  variant.make_combs(key_bytes.data(), keys, bits, tables.data(), is_on_curve.get());

  std::vector<cpu::ChallengeItem> challenges;
  std::vector<cpu::RegisteredItem> items;
  for (std::size_t i = 0; i < all.size(); ++i) {
    challenges.push_back(
        {all[i].signature.data(), all[i].key.data(), all[i].message.data(), all[i].message.size()});
    items.push_back({tables[i % keys], all[i].signature.data(), {}});
  }
  constexpr std::size_t kBatch = 256;
  std::uint64_t k[kBatch][4];
  Reason reasons[kBatch];
  std::size_t next = 0;
  std::size_t bad = 0;
  measure(state, kBatch, [&] {
    next = next + kBatch <= items.size() ? next : 0;
    variant.challenges(&challenges[next], kBatch, k);
    for (std::size_t i = 0; i < kBatch; ++i) std::copy(k[i], k[i] + 4, items[next + i].k);
    variant.decide_registered(cpu::base_comb(), bits, &items[next], kBatch, reasons);
    bad += static_cast<std::size_t>(
        std::count_if(reasons, reasons + kBatch, [](Reason r) { return r != Reason::valid; }));
    next += kBatch;
  });
  if (bad != 0) state.SkipWithError("a good signature was refused");
}

void register_all() {
  benchmark::RegisterBenchmark("openssl", reference);
  for (const cpu::Ed25519Variant* variant : cpu::all_ed25519_variants()) {
    if (!variant->supported()) continue;
    const std::string name = variant->name;
    for (const std::size_t batch : {1, 8, 32, 128, 1024})
      benchmark::RegisterBenchmark(
          (name + "/batch:" + std::to_string(batch)).c_str(),
          [=](benchmark::State& state) { unknown_keys(state, *variant, batch, 0); });
    benchmark::RegisterBenchmark(
        (name + "/batch:1024/bad:10%").c_str(),
        [=](benchmark::State& state) { unknown_keys(state, *variant, 1024, 10); });
    for (const auto& [bits, keys] : {std::pair{8, 64}, {8, 2000}, {4, 10000}})
      benchmark::RegisterBenchmark(
          (name + "/registered:" + std::to_string(keys) + "/bits:" + std::to_string(bits)).c_str(),
          [variant, bits = bits, keys = keys](benchmark::State& state) {
            registered_keys(state, *variant, bits, static_cast<std::size_t>(keys));
          });
  }
}

}  // namespace
}  // namespace salus::bench

int main(int argc, char** argv) {
  salus::bench::register_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
