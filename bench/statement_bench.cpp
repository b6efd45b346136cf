// What a statement costs before anybody verifies its signature, on one core:
//
//   taskset -c 1 build/test/bench/statement_bench
//
// "items" is statements a second. A statement is 198 bytes, four vital signs in a SenML pack.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "node/statement/senml.h"
#include "node/statement/sign.h"

namespace salus::bench {
namespace {

using namespace node;  // NOLINT: a program about nothing else

std::vector<std::uint8_t> vital_signs() {
  std::vector<SenmlRecord> records(4);
  records[0].base_name = "urn:dev:mac:0024befffe804ff1/";
  records[0].base_time = 1700000000;
  const std::pair<const char*, const char*> fields[] = {
      {"hr", "beat/min"}, {"spo2", "%"}, {"resp", "1/min"}, {"temp", "Cel"}};
  const double values[] = {72, 97.5, 14, 36.6};
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].name = fields[i].first;
    records[i].unit = fields[i].second;
    records[i].value = values[i];
  }
  std::vector<std::uint8_t> out;
  append_senml(records, out);
  return out;
}

struct Signed {
  std::vector<std::uint8_t> payload = vital_signs();
  SigningKey key = SigningKey::generate(Algorithm::ed25519);
  std::vector<std::uint8_t> message =
      sign_statement(key, {.issuer = {}, .subject = {}, .issued_at = 1700000000, .sequence = 70000},
                     ContentType::senml_cbor, payload);
};

void finish(benchmark::State& state, std::size_t bytes) {
  state.SetItemsProcessed(state.iterations());
  state.SetLabel(std::to_string(bytes) + " bytes");
}

void parse(benchmark::State& state) {
  const Signed signed_one;
  for (auto _ : state) benchmark::DoNotOptimize(parse_statement(signed_one.message));
  finish(state, signed_one.message.size());
}
BENCHMARK(parse);

/// The same with every text and number that may be there.
void parse_longest_header(benchmark::State& state) {
  const SigningKey key = SigningKey::generate(Algorithm::ed25519);
  const std::string text(kMaxClaimBytes, 's');
  const auto message = sign_statement(
      key, {.issuer = text, .subject = text, .issued_at = 1700000000, .sequence = ~0ULL},
      ContentType::key_registration, std::vector<std::uint8_t>(100));
  for (auto _ : state) benchmark::DoNotOptimize(parse_statement(message));
  finish(state, message.size());
}
BENCHMARK(parse_longest_header);

/// A flood of bad ones: cut inside the claims, and cut at the signature.
void refuse(benchmark::State& state) {
  const Signed signed_one;
  const auto cut = static_cast<std::size_t>(state.range(0));
  const Bytes message = Bytes(signed_one.message).first(signed_one.message.size() - cut);
  for (auto _ : state) benchmark::DoNotOptimize(parse_statement(message));
  finish(state, message.size());
}
BENCHMARK(refuse)->Arg(1)->Arg(150);

void signed_bytes(benchmark::State& state) {
  const Signed signed_one;
  const auto statement = std::get<Statement>(parse_statement(signed_one.message));
  std::vector<std::uint8_t> out;
  for (auto _ : state) {
    out.clear();
    append_signed_bytes(statement, out);
    benchmark::DoNotOptimize(out.data());
  }
  finish(state, out.size());
}
BENCHMARK(signed_bytes);

void check_senml(benchmark::State& state) {
  const std::vector<std::uint8_t> payload = vital_signs();
  for (auto _ : state) benchmark::DoNotOptimize(is_senml_pack(payload));
  finish(state, payload.size());
}
BENCHMARK(check_senml);

void sign(benchmark::State& state) {
  const auto payload = vital_signs();
  const SigningKey key = SigningKey::generate(static_cast<Algorithm>(state.range(0)));
  for (auto _ : state)
    benchmark::DoNotOptimize(sign_statement(
        key, {.issuer = {}, .subject = {}, .issued_at = 1700000000, .sequence = 70000},
        ContentType::senml_cbor, payload));
  finish(state, payload.size());
}
BENCHMARK(sign)
    ->ArgName("p256")
    ->Arg(static_cast<int>(Algorithm::ed25519))
    ->Arg(static_cast<int>(Algorithm::p256));

}  // namespace
}  // namespace salus::bench

BENCHMARK_MAIN();
