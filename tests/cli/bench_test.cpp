// `salus bench`: its arithmetic, what it records, and that it compares.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "cli/bench/compare.h"
#include "cli/bench/core_speed.h"
#include "cli/bench/report.h"
#include "cli/bench/sampling.h"
#include "cli/bench/statistics.h"
#include "cli/bench/workload.h"
#include "engine/error.h"
#include "engine/implementations.h"
#include "tests/cli/run_salus.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using cli::bench::compare;
using cli::bench::percentile;
using testing::Each;
using testing::Gt;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

TEST(BenchStatistics, PercentilesAreThoseOfNumpy) {
  // numpy.percentile([15, 20, 35, 40, 50], [0, 5, 30, 40, 50, 100])
  const std::vector<double> samples = {40, 15, 50, 35, 20};
  EXPECT_DOUBLE_EQ(percentile(samples, 0), 15);
  EXPECT_DOUBLE_EQ(percentile(samples, 0.05), 16);
  EXPECT_DOUBLE_EQ(percentile(samples, 0.3), 23);
  EXPECT_DOUBLE_EQ(percentile(samples, 0.4), 29);
  EXPECT_DOUBLE_EQ(percentile(samples, 0.5), 35);
  EXPECT_DOUBLE_EQ(percentile(samples, 1), 50);
}

TEST(BenchStatistics, OneSampleIsEveryPercentile) {
  const std::vector<double> one = {7};
  EXPECT_DOUBLE_EQ(percentile(one, 0.9), 7);
  EXPECT_DOUBLE_EQ(cli::bench::spread(one), 0);
}

/// Takes ten microseconds a unit.
double steady_work(double amount) {
  std::this_thread::sleep_for(std::chrono::duration<double, std::micro>(10 * amount));
  return amount;
}

TEST(BenchSampling, TakesSeveralPositiveSamples) {
  const auto rates = cli::bench::sample_rates(steady_work, 0.01, {});
  EXPECT_GE(rates.size(), 3);
  EXPECT_THAT(rates, Each(Gt(0.0)));
  EXPECT_THAT(rates, Each(Le(1e5)));
}

TEST(BenchSampling, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW((void)cli::bench::sample_rates(steady_work, 1, source.get_token()), Cancelled);
}

TEST(BenchCoreSpeed, IsThatOfAProcessor) {
  const cli::bench::CoreSpeed core = cli::bench::measure_core_speed();
  if (core.clock == 0) GTEST_SKIP() << "not measured on this processor";
  EXPECT_GT(core.clock, 1e8);
  EXPECT_LT(core.clock, 1e10);
  EXPECT_LT(core.vector_ports, 8);
}

cli::bench::SuiteResult one_row(double rate) {
  cli::bench::Row row;
  row.workload = "mine/1-version";
  row.subject.device = "cuda:0";
  row.samples = {rate};
  row.reference_samples = {1};
  return {{row}, {}};
}

nlohmann::json earlier(const std::string& key, double rate) {
  return {{"rows", {{{"key", key}, {"rate", {{"median", rate}}}}}}};
}

TEST(BenchCompare, ToleratesWhatItMay) {
  const auto comparison = compare(one_row(95.1), earlier("mine/1-version cuda:0", 100), 5);
  EXPECT_EQ(comparison.compared, 1);
  EXPECT_EQ(comparison.slower, 0);
  EXPECT_THAT(comparison.text, HasSubstr("-4.9 %"));
}

TEST(BenchCompare, FindsWhatGotSlower) {
  const auto comparison = compare(one_row(94.9), earlier("mine/1-version cuda:0", 100), 5);
  EXPECT_EQ(comparison.slower, 1);
  EXPECT_THAT(comparison.text, HasSubstr("SLOWER"));
}

TEST(BenchCompare, NamesRowsThatWereNotThere) {
  const auto comparison = compare(one_row(1), earlier("mine/1-version cpu", 100), 5);
  EXPECT_EQ(comparison.compared, 0);
  EXPECT_THAT(comparison.text, HasSubstr("not in the earlier result: mine/1-version cuda:0"));
}

TEST(BenchCompare, RefusesMalformedRows) {
  const nlohmann::json malformed = {{"rows", {{{"key", 5}}}}};
  EXPECT_THROW((void)compare(one_row(1), malformed, 5), Error);
}

TEST(BenchReport, ShowsPowerAndTemperatureWhereTheyAreKnown) {
  cli::bench::SuiteResult result = one_row(9.1e9);
  EXPECT_THAT(report_text(result, false), Not(HasSubstr("temperature")));
  result.rows[0].power.emplace();
  result.rows[0].power->watts = 650;
  result.rows[0].power->telemetry.temperature_celsius = 61;
  for (const char* const text : {"650 W", "61 C", "14.0 MH/J"})
    EXPECT_THAT(report_text(result, false), HasSubstr(text));
}

const std::vector<std::string> kShortBench = {"bench", "merkle",     "--device",
                                              "cpu",   "--duration", "0.01"};

std::vector<std::string> short_bench(const std::vector<std::string>& more) {
  std::vector<std::string> arguments = kShortBench;
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

void expect_series(const nlohmann::json& series) {
  ASSERT_GE(series.at("samples").size(), 3);
  EXPECT_GT(series.at("median"), 0);
  EXPECT_GE(series.at("spread"), 0);
  for (const char* const share : {"0", "10", "25", "50", "75", "90", "100"})
    EXPECT_GT(series.at("percentiles").at(share), 0) << share;
}

TEST(Bench, RecordsWhatItsSchemaSays) {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "result.json").string();
  const RunResult result = run_salus(short_bench({"--json", file}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, IsEmpty());
  const auto json = nlohmann::json::parse(read_text(file));
  EXPECT_EQ(json.at("schema"), "salus-bench");
  EXPECT_EQ(json.at("schema_version"), 1);
  for (const char* const field : {"created", "salus", "machine", "options"})
    EXPECT_TRUE(json.contains(field)) << field;
  EXPECT_GE(json.at("machine").at("cores"), 1);
  ASSERT_EQ(json.at("rows").size(), 2);
  for (const auto& row : json.at("rows")) {
    expect_series(row.at("rate"));
    expect_series(row.at("openssl_one_core"));
    EXPECT_EQ(row.at("unit"), "leaves/s");
    EXPECT_EQ(row.at("checksum").get<std::string>().size(), 64);
    for (const char* const field :
         {"key", "workload", "description", "job", "device", "device_name", "driver", "pci_bus_id",
          "kernel", "forced_variant", "threads", "ratio", "limit", "power"})
      EXPECT_TRUE(row.contains(field)) << field;
  }
}

nlohmann::json bench_json(std::vector<std::string> arguments) {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "result.json").string();
  arguments.insert(arguments.begin(), "bench");
  arguments.insert(arguments.end(), {"--duration", "0.01", "--json", file});
  const RunResult result = run_salus(arguments);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return nlohmann::json::parse(read_text(file));
}

TEST(BenchVerify, MeasuresBothAlgorithmsInABatchOfThatSize) {
  const auto json = bench_json({"verify", "--device", "cpu", "--batch", "20", "--bad", "0.25"});
  EXPECT_EQ(json.at("options").at("work"), "verify");
  ASSERT_EQ(json.at("rows").size(), 2);
  for (const auto& row : json.at("rows")) {
    expect_series(row.at("rate"));
    EXPECT_EQ(row.at("unit"), "signatures/s");
    EXPECT_EQ(row.at("batch"), 20);
    EXPECT_DOUBLE_EQ(row.at("batch_seconds"), 20 / row.at("rate").at("median").get<double>());
    EXPECT_NE(row.at("kernel"), "");
  }
  EXPECT_EQ(json.at("rows").at(0).at("workload"), "verify/ed25519-20-0.25-bad");
  EXPECT_EQ(json.at("rows").at(1).at("workload"), "verify/p256-20-0.25-bad");
}

TEST(BenchVerify, MeasuresKeysThatComeBackAndMixedAlgorithms) {
  const auto json = bench_json({"verify", "--device", "auto", "--alg", "mixed", "--batch", "300",
                                "--keys", "7", "--message", "0"});
  ASSERT_EQ(json.at("rows").size(), 1);
  EXPECT_EQ(json.at("rows").at(0).at("workload"), "verify/mixed-300-7-keys-0-B");
}

TEST(BenchVerify, SweepsOverBatchSizes) {
  const auto json =
      bench_json({"verify", "--device", "cpu", "--alg", "ed25519", "--message", "40"});
  std::vector<int> batches;
  for (const auto& row : json.at("rows")) batches.push_back(row.at("batch"));
  EXPECT_EQ(batches, (std::vector<int>{1, 4, 16, 64, 256, 1024, 4096, 16384, 65536}));
}

TEST(BenchVerify, EveryImplementationGivesTheSameChecksum) {
  const auto json =
      bench_json({"verify", "--impl", "all", "--alg", "mixed", "--batch", "64", "--bad", "0.1"});
  std::map<std::string, int> kernels;
  for (const auto& row : json.at("rows")) {
    EXPECT_EQ(row.at("checksum"), json.at("rows").at(0).at("checksum")) << row.at("key");
    ++kernels[row.at("kernel")];
  }
  EXPECT_GE(kernels.size(), 1);
}

TEST(Bench, EveryImplementationGivesTheSameChecksum) {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "result.json").string();
  const RunResult result = run_salus(
      {"bench", "mine", "--impl", "all", "--duration", "0.01", "--verify", "--json", file});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::map<std::string, std::string> checksums;
  std::map<std::string, std::set<std::string>> kernels;
  const auto json = nlohmann::json::parse(read_text(file));
  for (const auto& row : json.at("rows")) {
    const std::string checksum = row.at("checksum");
    const auto [known, is_new] = checksums.emplace(row.at("workload"), checksum);
    EXPECT_EQ(known->second, checksum) << row.at("key");
    EXPECT_THAT(result.out, HasSubstr(checksum.substr(0, 16)));
    kernels[row.at("device")].insert(row.at("kernel"));
  }
  EXPECT_EQ(checksums.size(), 2);
  for (const auto& [device, of_device] : kernels)
    EXPECT_THAT(of_device, SizeIs(engine::implementations(device).size())) << device;
}

TEST(Bench, ImplAllKeepsToTheDevicesThatAreNamed) {
  const auto json = bench_json(
      {"merkle", "--impl", "all", "--device", "cpu", "--cpu-variant", "scalar", "--threads", "1"});
  ASSERT_EQ(json.at("rows").size(), 2);
  for (const auto& row : json.at("rows")) EXPECT_EQ(row.at("forced_variant"), "scalar");
}

TEST(BenchWorkload, OfMiningNamesTheKernelForItsNumberOfVersions) {
  std::vector<std::string> names;
  for (const auto& workload : cli::bench::make_hash_workloads("mine")) {
    names.push_back(workload->kernel_among({"8 versions: held", "1 version: plain"}));
    EXPECT_EQ(workload->kernel_among({"avx512 x32"}), "avx512 x32");
  }
  EXPECT_THAT(names, UnorderedElementsAre("held", "plain"));
}

TEST(Bench, ComparesWithAnEarlierRun) {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "result.json").string();
  ASSERT_EQ(run_salus(short_bench({"--json", file})).exit_code, 0);
  const RunResult same = run_salus(short_bench({"--compare", file, "--tolerance", "100"}));
  EXPECT_EQ(same.exit_code, 0) << same.err;
  EXPECT_THAT(same.out, HasSubstr("Change since"));

  auto faster = nlohmann::json::parse(read_text(file));
  for (auto& row : faster.at("rows"))
    row["rate"]["median"] = row["rate"]["median"].get<double>() * 1000;
  const std::string faster_file = folder.write("faster.json", faster.dump());
  const RunResult slower = run_salus(short_bench({"--compare", faster_file}));
  EXPECT_EQ(slower.exit_code, 1);
  EXPECT_THAT(slower.out, HasSubstr("2 of 2 rows got slower by more than 5 %"));
}

struct BadBench {
  std::vector<std::string> arguments;
  int exit_code;
  std::string complaint;
};

void PrintTo(const BadBench& bad, std::ostream* out) {
  *out << testing::PrintToString(bad.arguments);
}

class BenchRefuses : public testing::TestWithParam<BadBench> {};

TEST_P(BenchRefuses, InOneLine) {
  const RunResult result = run_salus(GetParam().arguments);
  EXPECT_EQ(result.exit_code, GetParam().exit_code);
  EXPECT_EQ(line_count(result.err), 1) << result.err;
  EXPECT_THAT(result.err, HasSubstr(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    BadArguments, BenchRefuses,
    testing::Values(BadBench{{"bench", "golf"}, 2, "golf"},
                    BadBench{{"bench", "--duration", "0"}, 2, "--duration"},
                    BadBench{{"bench", "--tolerance", "-1"}, 2, "--tolerance"},
                    BadBench{{"bench", "--impl", "some"}, 2, "some"},
                    BadBench{{"bench", "--impl", "all", "--device", "auto"}, 2, "auto"},
                    BadBench{{"bench", "--impl", "all", "--device", "cuda:99"}, 2, "cuda:99"},
                    BadBench{{"bench", "--impl", "all", "--cpu-variant", "mmx"}, 2, "mmx"},
                    BadBench{{"bench", "verify", "--alg", "rsa"}, 2, "rsa"},
                    BadBench{{"bench", "verify", "--batch", "0"}, 2, "--batch"},
                    BadBench{{"bench", "verify", "--bad", "2"}, 2, "--bad"},
                    BadBench{{"bench", "verify", "--message", "16777217"}, 2, "--message"},
                    BadBench{{"bench", "verify", "--keys", "1000", "--message", "16777216"},
                             2,
                             "ask for fewer or for shorter"},
                    BadBench{{"bench", "verify", "--verify-variant", "mmx"}, 2, "mmx"},
                    BadBench{{"bench", "--device", "opencl:99"}, 2, "opencl:99"},
                    BadBench{short_bench({"--compare", "/no/such/file"}), 2, "/no/such/file"},
                    BadBench{short_bench({"--compare", "/etc/passwd"}), 2, "/etc/passwd"},
                    BadBench{short_bench({"--json", "/no/such/folder/x"}), 3, "/no/such/folder/x"},
                    BadBench{short_bench({"--json", "/dev/full"}), 3, "/dev/full"}));

TEST(Bench, RefusesAnotherSchemaVersion) {
  const TemporaryFolder folder;
  const std::string file =
      folder.write("future.json", R"({"schema": "salus-bench", "schema_version": 99, "rows": []})");
  const RunResult result = run_salus(short_bench({"--compare", file}));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("schema version 99"));
}

TEST(Bench, RefusesAResultThatIsDamaged) {
  const TemporaryFolder folder;
  const std::string head = R"({"schema": "salus-bench", "schema_version": 1, "rows": )";
  for (const std::string& text :
       {std::string(R"({"schema": 5})"), std::string(R"([1])"),
        std::string(R"({"schema": "salus-bench", "schema_version": "1", "rows": []})"),
        head + "{\"key\": 1}}", head + R"([{"key": "mine"}]})",
        head + R"([{"key": "mine", "rate": {"median": "fast"}}]})"}) {
    const std::string file = folder.write("damaged.json", text);
    const RunResult result = run_salus(short_bench({"--compare", file}));
    EXPECT_EQ(result.exit_code, 2) << text;
    EXPECT_EQ(result.err, "salus: " + file + ": not a result of `salus bench --json`\n") << text;
    EXPECT_THAT(result.out, IsEmpty()) << text;
  }
}

TEST(BenchValidate, MeasuresBlocksAgainstTheVerifier) {
  const RunResult result =
      run_salus({"bench", "validate", "--statements", "50", "--devices", "5", "--p256", "0.4",
                 "--seconds", "0.01", "--json", "--device", "cpu", "--threads", "1"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json.at("schema"), "salus.bench-validate/1");
  ASSERT_EQ(json.at("rows").size(), 1U);
  const auto& row = json.at("rows")[0];
  EXPECT_EQ(row.at("statements"), 50);
  EXPECT_EQ(row.at("devices"), 5);
  EXPECT_GT(row.at("statements_per_s"), 0);
  EXPECT_GT(row.at("verify_per_s"), 0);
  EXPECT_GT(row.at("cpu_ratio"), 0);
  EXPECT_GE(row.at("samples").size(), 1U);
}

TEST(BenchValidate, PrintsATable) {
  const RunResult result =
      run_salus({"bench", "validate", "--statements", "10", "--alg", "p256", "--devices", "2",
                 "--seconds", "0.01", "--device", "cpu", "--threads", "1"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, testing::HasSubstr("ratio"));
  EXPECT_THAT(result.out, testing::HasSubstr("p256"));
  EXPECT_THAT(result.out, testing::HasSubstr("2 devices"));
}

TEST(BenchValidate, RefusesWhatItCannotMake) {
  for (const std::vector<std::string>& options :
       std::vector<std::vector<std::string>>{{"--statements", "0"},
                                             {"--p256", "1.5"},
                                             {"--alg", "rsa"},
                                             {"--alg", "p256", "--p256", "0.5"}}) {
    std::vector<std::string> arguments = {"bench", "validate"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    EXPECT_EQ(run_salus(arguments).exit_code, 2);
  }
}

}  // namespace
}  // namespace salus::test
