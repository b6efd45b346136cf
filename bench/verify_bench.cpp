// Signature verification on one core, Ed25519 and P-256: every variant that this CPU supports, for
// unknown keys over batch sizes and for registered keys, with OpenSSL beside them.
//
//   taskset -c 1 build/test/bench/verify_bench
//
// "items" is verifications a second of CPU time; "cycles" is core cycles an item, by the clock
// measured beside it. Messages have 128 bytes, every item a key of its own except where the name
// says so.
#include <benchmark/benchmark.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/bench/core_clock.h"
#include "engine/cpu/lane_hasher.h"
#include "engine/signature/cpu/ed25519_batch.h"
#include "engine/signature/cpu/p256_batch.h"
#include "engine/signature/ecdsa_der.h"
#include "engine/signature/reference.h"

namespace salus::bench {
namespace {

using namespace engine::signature;  // NOLINT: a program about nothing else

constexpr std::size_t kMessageBytes = 128;

struct Signed {
  Algorithm algorithm;
  std::vector<std::uint8_t> message;
  std::vector<std::uint8_t> key;
  std::vector<std::uint8_t> signature;
};

void require(bool success) {
  if (!success) throw std::runtime_error("OpenSSL cannot sign");
}

class Signer {
 public:
  explicit Signer(Algorithm algorithm)
      : algorithm_(algorithm),
        key_(algorithm == Algorithm::ed25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                                             : EVP_EC_gen("P-256"),
             EVP_PKEY_free) {
    require(key_ != nullptr);
  }

  [[nodiscard]] Signed sign(std::vector<std::uint8_t> message) const {
    Signed out{algorithm_, std::move(message), public_key(), {}};
    const bool is_ed25519 = algorithm_ == Algorithm::ed25519;
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    out.signature.resize(80);  // a P-256 one comes as DER
    std::size_t size = out.signature.size();
    require(EVP_DigestSignInit_ex(context.get(), nullptr, is_ed25519 ? nullptr : "SHA256", nullptr,
                                  nullptr, key_.get(), nullptr) == 1 &&
            EVP_DigestSign(context.get(), out.signature.data(), &size, out.message.data(),
                           out.message.size()) == 1);
    out.signature.resize(size);
    if (is_ed25519) return out;
    const auto pair = p256_signature_from_der(out.signature).value();
    out.signature.assign(pair.begin(), pair.end());
    return out;
  }

 private:
  [[nodiscard]] std::vector<std::uint8_t> public_key() const {
    std::vector<std::uint8_t> bytes(kP256KeyBytes);
    std::size_t size = bytes.size();
    require(EVP_PKEY_get_octet_string_param(key_.get(), "pub", bytes.data(), bytes.size(), &size) ==
            1);
    bytes.resize(size);
    return bytes;
  }

  Algorithm algorithm_;
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

/// `count` signatures by `keys` signers in turn.
std::vector<Signed> make_signed(Algorithm algorithm, std::size_t count, std::size_t keys) {
  std::mt19937_64 random(1);
  std::vector<Signer> signers;
  for (std::size_t i = 0; i < keys; ++i) signers.emplace_back(algorithm);
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
  for (const Signed& s : all) items.push_back({s.algorithm, s.key, s.message, s.signature});
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

void reference(benchmark::State& state, Algorithm algorithm) {
  const auto all = make_signed(algorithm, 64, 64);
  const auto items = views(all);
  std::size_t next = 0;
  measure(state, 1, [&] {
    if (verify_reference(items[next++ % items.size()]) != Reason::valid)
      state.SkipWithError("a good signature was refused");
  });
}

constexpr std::size_t kRegisteredBatch = 256;

/// What the two algorithms do differently.
struct Ed25519 {
  using Variant = cpu::Ed25519Variant;
  using Registered = cpu::RegisteredItem;
  static constexpr Algorithm kAlgorithm = Algorithm::ed25519;
  static auto variants() { return cpu::all_ed25519_variants(); }
  static std::size_t comb_words(int bits) { return cpu::comb_words(bits); }
  static const auto& base_comb() { return cpu::base_comb(); }
  static constexpr auto kVerify = cpu::verify_ed25519;

  /// Hashes the messages of kRegisteredBatch items and puts the result into `registered`.
  static void hash(const Variant& variant, std::span<const Item> items, Registered* registered) {
    std::vector<cpu::ChallengeItem> challenges;
    for (const Item& item : items)
      challenges.push_back({item.signature.data(), item.public_key.data(), item.message.data(),
                            item.message.size()});
    std::uint64_t k[kRegisteredBatch][4];
    variant.challenges(challenges.data(), items.size(), k);
    for (std::size_t i = 0; i < items.size(); ++i) {
      registered[i].signature = items[i].signature.data();
      std::copy(k[i], k[i] + 4, registered[i].k);
    }
  }
};

struct P256 {
  using Variant = cpu::P256Variant;
  using Registered = cpu::P256RegisteredItem;
  static constexpr Algorithm kAlgorithm = Algorithm::p256;
  static auto variants() { return cpu::all_p256_variants(); }
  static std::size_t comb_words(int bits) { return cpu::p256_comb_words(bits); }
  static const auto& base_comb() { return cpu::p256_base_comb(); }
  static constexpr auto kVerify = cpu::verify_p256;

  static void hash(const Variant& variant, std::span<const Item> items, Registered* registered) {
    static const engine::LaneHasher hasher;
    std::vector<Bytes> messages;
    for (const Item& item : items) messages.push_back(item.message);
    std::vector<Digest> hashes(items.size());
    hasher.hash_many(engine::MessageView::scattered(messages), std::nullopt, hashes);
    std::vector<cpu::P256SignedHash> signed_hashes;
    for (std::size_t i = 0; i < items.size(); ++i)
      signed_hashes.push_back({items[i].signature.data(), hashes[i].data()});
    std::vector<cpu::P256Scalars> scalars(items.size());
    variant.scalars(signed_hashes.data(), items.size(), scalars.data());
    for (std::size_t i = 0; i < items.size(); ++i) registered[i].scalars = scalars[i];
  }
};

/// Keys that were never seen; the first `bad_percent` in 100 items have a bad signature.
template <typename Scheme>
void unknown_keys(benchmark::State& state, const typename Scheme::Variant& variant,
                  std::size_t batch, std::size_t bad_percent) {
  auto all = make_signed(Scheme::kAlgorithm, batch, batch);
  std::size_t bad = 0;
  for (std::size_t i = 0; i < batch; ++i) {
    if (i % 100 >= bad_percent) continue;
    all[i].message[0] ^= 1;
    ++bad;
  }
  const auto items = views(all);
  Verdicts verdicts(batch);
  std::vector<std::size_t> indices(batch);
  measure(state, batch, [&] {
    std::iota(indices.begin(), indices.end(), std::size_t{0});
    Scheme::kVerify(variant, items, indices, verdicts);
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
template <typename Scheme>
void registered_keys(benchmark::State& state, const typename Scheme::Variant& variant, int bits,
                     std::size_t keys) {
  const auto all = make_signed(Scheme::kAlgorithm, keys * 16, keys);
  const auto items = views(all);
  const std::size_t words = Scheme::comb_words(bits);
  const Memory memory = allocate_words(keys * words);
  std::vector<const std::uint8_t*> key_bytes;
  std::vector<std::uint64_t*> tables;
  for (std::size_t i = 0; i < keys; ++i) {
    key_bytes.push_back(all[i].key.data());
    tables.push_back(memory.get() + i * words);
  }
  const std::unique_ptr<bool[]> is_on_curve(new bool[keys]);
  variant.make_combs(key_bytes.data(), keys, bits, tables.data(), is_on_curve.get());

  std::vector<typename Scheme::Registered> registered(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) registered[i].table = tables[i % keys];
  Reason reasons[kRegisteredBatch];
  std::size_t next = 0;
  std::size_t bad = 0;
  measure(state, kRegisteredBatch, [&] {
    next = next + kRegisteredBatch <= items.size() ? next : 0;
    Scheme::hash(variant, std::span(items).subspan(next, kRegisteredBatch), &registered[next]);
    variant.decide_registered(Scheme::base_comb(), bits, &registered[next], kRegisteredBatch,
                              reasons);
    bad += static_cast<std::size_t>(std::count_if(reasons, reasons + kRegisteredBatch,
                                                  [](Reason r) { return r != Reason::valid; }));
    next += kRegisteredBatch;
  });
  if (bad != 0) state.SkipWithError("a good signature was refused");
}

template <typename Scheme>
void register_all() {
  const std::string scheme = to_string(Scheme::kAlgorithm);
  benchmark::RegisterBenchmark((scheme + "/openssl").c_str(), reference, Scheme::kAlgorithm);
  for (const typename Scheme::Variant* variant : Scheme::variants()) {
    if (!variant->supported()) continue;
    const std::string name = scheme + "/" + variant->name;
    for (const std::size_t batch : {1, 8, 32, 128, 1024})
      benchmark::RegisterBenchmark(
          (name + "/batch:" + std::to_string(batch)).c_str(),
          [=](benchmark::State& state) { unknown_keys<Scheme>(state, *variant, batch, 0); });
    benchmark::RegisterBenchmark(
        (name + "/batch:1024/bad:10%").c_str(),
        [=](benchmark::State& state) { unknown_keys<Scheme>(state, *variant, 1024, 10); });
    for (const auto& [bits, keys] : {std::pair{8, 64}, {8, 2000}, {4, 10000}})
      benchmark::RegisterBenchmark(
          (name + "/registered:" + std::to_string(keys) + "/bits:" + std::to_string(bits)).c_str(),
          [variant, bits = bits, keys = keys](benchmark::State& state) {
            registered_keys<Scheme>(state, *variant, bits, static_cast<std::size_t>(keys));
          });
  }
}

}  // namespace
}  // namespace salus::bench

int main(int argc, char** argv) {
  salus::bench::register_all<salus::bench::Ed25519>();
  salus::bench::register_all<salus::bench::P256>();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
