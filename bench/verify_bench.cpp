// Signature verification on one core, Ed25519 and P-256: every variant that this CPU supports, for
// unknown keys over batch sizes and for keys with tables, through the cache that all callers share;
// with OpenSSL beside them.
//
//   taskset -c 1 build/test/bench/verify_bench
//
// "items" is verifications a second of CPU time; "cycles" is core cycles an item, by the clock
// measured beside it. Messages have 128 bytes, every item a key of its own except where the name
// says so.
#include <benchmark/benchmark.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/bench/core_clock.h"
#include "engine/signature/cpu/verifier.h"
#include "engine/signature/cpu/verify_choice.h"
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

/// A verifier whose tables take up to `cache_bytes`.
std::unique_ptr<cpu::Verifier> make_verifier(const std::string& variant,
                                             std::uint64_t cache_bytes) {
  engine::CpuOptions options;
  options.verify_variant = variant;
  return std::make_unique<cpu::Verifier>(options, cache_bytes);
}

std::size_t count_bad(std::span<const Reason> reasons) {
  return static_cast<std::size_t>(
      std::ranges::count_if(reasons, [](Reason r) { return r != Reason::valid; }));
}

/// Keys that were never seen; the first `bad_percent` in 100 items have a bad signature.
void unknown_keys(benchmark::State& state, Algorithm algorithm, const std::string& variant,
                  std::size_t batch, std::size_t bad_percent) {
  auto all = make_signed(algorithm, batch, batch);
  std::size_t bad = 0;
  for (std::size_t i = 0; i < batch; ++i) {
    if (i % 100 >= bad_percent) continue;
    all[i].message[0] ^= 1;
    ++bad;
  }
  const auto items = views(all);
  const auto verifier = make_verifier(variant, 0);
  std::vector<Reason> reasons(batch);
  measure(state, batch, [&] { verifier->verify(items, reasons); });
  if (count_bad(reasons) != bad) state.SkipWithError("a verdict is wrong");
}

/// Keys that all have tables of one size; several signatures of each, so that rows are not found in
/// caches by chance.
void known_keys(benchmark::State& state, Algorithm algorithm, const std::string& variant,
                TableSize size, std::size_t keys, std::size_t batch) {
  constexpr std::size_t kMostSignatures = 40000;
  const std::size_t each = std::clamp<std::size_t>(kMostSignatures / keys, 2, 16);
  const auto all = make_signed(algorithm, keys * each, keys);
  const auto items = views(all);
  const std::uint64_t table_bytes =
      algorithm == Algorithm::ed25519
          ? cpu::comb_words(cpu::window_bits(size)) * sizeof(std::uint64_t)
          : cpu::p256_comb_words(cpu::window_bits(size)) * sizeof(std::uint64_t);
  const std::uint64_t room = keys * table_bytes * 5 / 4 + TableSlots::kMostChunkBytes;
  const auto verifier = make_verifier(variant, room);
  std::vector<KeyView> views_of_keys;
  for (std::size_t i = 0; i < keys; ++i) views_of_keys.push_back({algorithm, items[i].public_key});
  verifier->add_keys(views_of_keys);
  const auto contents = verifier->cache().contents();
  if ((size == TableSize::large ? contents.large_tables : contents.small_tables) != keys)
    state.SkipWithError("not every key has such a table");

  std::vector<Reason> reasons(batch);
  std::size_t next = 0;
  std::size_t bad = 0;
  measure(state, batch, [&] {
    next = next + batch <= items.size() ? next : 0;
    verifier->verify(std::span(items).subspan(next, batch), reasons);
    bad += count_bad(reasons);
    next += batch;
  });
  if (bad != 0) state.SkipWithError("a good signature was refused");
}

/// Making tables, as many as the cache makes at once; "items" are tables.
void make_tables(benchmark::State& state, Algorithm algorithm, const std::string& variant,
                 TableSize size) {
  constexpr std::size_t kKeys = 64;
  const auto all = make_signed(algorithm, kKeys, kKeys);
  const cpu::VerifyChoice choice = cpu::choose_for_verifying(variant);
  cpu::HostTables tables(choice, std::uint64_t{64} << 20);
  std::vector<Bytes> keys;
  std::vector<std::uint64_t> offsets;
  for (std::size_t i = 0; i < kKeys; ++i) {
    keys.emplace_back(all[i].key);
    offsets.push_back(i * tables.cost({algorithm, size}).bytes);
  }
  measure(state, kKeys, [&] { (void)tables.make({algorithm, size}, keys, offsets); });
}

template <class Body>
void add(const std::string& name, const Body& body) {
  benchmark::RegisterBenchmark(name.c_str(), body);
}

void register_variant(Algorithm algorithm, const std::string& variant) {
  using State = benchmark::State;
  const std::string name = std::string(to_string(algorithm)) + "/" + variant;
  for (const std::size_t batch : {1, 8, 32, 128, 1024})
    add(name + "/unknown/batch:" + std::to_string(batch),
        [=](State& state) { unknown_keys(state, algorithm, variant, batch, 0); });
  add(name + "/unknown/batch:1024/bad:10%",
      [=](State& state) { unknown_keys(state, algorithm, variant, 1024, 10); });
  struct Known {
    std::size_t keys;
    TableSize size;
    const char* size_name;
  };
  for (const auto& [keys, size, size_name] :
       {Known{64, TableSize::large, "large"}, Known{2000, TableSize::large, "large"},
        Known{10000, TableSize::small, "small"}})
    add(name + "/keys:" + std::to_string(keys) + "/" + size_name,
        [=, size = size, keys = keys](State& state) {
          known_keys(state, algorithm, variant, size, keys, 1024);
        });
  add(name + "/keys:64/large/batch:1",
      [=](State& state) { known_keys(state, algorithm, variant, TableSize::large, 64, 1); });
  add(name + "/make/small",
      [=](State& state) { make_tables(state, algorithm, variant, TableSize::small); });
  add(name + "/make/large",
      [=](State& state) { make_tables(state, algorithm, variant, TableSize::large); });
}

void register_all() {
  for (const Algorithm algorithm : {Algorithm::ed25519, Algorithm::p256}) {
    add(std::string(to_string(algorithm)) + "/openssl",
        [=](benchmark::State& state) { reference(state, algorithm); });
    for (const std::string& variant : cpu::verify_variants()) {
      const cpu::VerifyChoice choice = cpu::choose_for_verifying(variant);
      const char* const used =
          algorithm == Algorithm::ed25519 ? choice.ed25519.many->name : choice.p256.many->name;
      if (used == variant) register_variant(algorithm, variant);
    }
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
