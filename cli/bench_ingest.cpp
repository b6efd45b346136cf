// `salus bench ingest`: how fast a node takes statements in.
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/bench/ingest.h"
#include "cli/bench_commands.h"
#include "cli/output.h"
#include "cli/status_line.h"
#include "engine/error.h"

namespace salus::cli {
namespace {

struct Options {
  bench::IngestOptions work;
  std::string way = "inproc";
  bool no_blocks = false;
  bool json = false;
};

int run_bench_ingest(const Options& options, const Global& global) {
  bench::IngestOptions work = options.work;
  work.way = options.way == "http"   ? bench::IngestWay::http
             : options.way == "mqtt" ? bench::IngestWay::mqtt
                                     : bench::IngestWay::in_process;
  work.with_blocks = !options.no_blocks;
  work.stop = global.stop;
  if (!global.quiet) work.status = show_status;
  const bench::IngestResult result = bench::measure_ingest(work);
  clear_status();
  write_out(options.json ? json_text(ingest_json(work, result)) : ingest_text(work, result));
  if (result.counts.unanswered() != 0)
    throw Error(ErrorKind::system,
                std::to_string(result.counts.unanswered()) + " statements were not answered");
  return result.counts.unexpected() == 0 ? kOk : kRefused;
}

void add_load_options(CLI::App& command, bench::IngestOptions& work) {
  command.add_option("--seconds", work.seconds, "How long to send")
      ->check(CLI::Range(0.1, 86'400.0))
      ->capture_default_str();
  command
      .add_option("--statements", work.statements,
                  "So many are signed before (default: enough for the seconds); the run ends with "
                  "them")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 32));
  command
      .add_option("--rate", work.rate, "Statements/s that are sent; 0: as fast as they are taken")
      ->type_name("PER_SECOND")
      ->check(CLI::Range(0.0, 1e9))
      ->capture_default_str();
  command.add_option("--devices", work.devices, "Devices that sign, all of them in genesis")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{20'000}))
      ->capture_default_str();
  command.add_option("--p256", work.p256_share, "Share of them with ECDSA P-256, 0 to 1")
      ->type_name("FRACTION")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command.add_option("--batch", work.batch, "Statements in a submission or request")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{10'000}))
      ->capture_default_str();
  command
      .add_option("--connections", work.connections,
                  "Senders at once (default: in-process 2, HTTP 4, MQTT 10)")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{4'096}));
  command.add_option("--in-flight", work.in_flight, "MQTT: publishes not answered yet, in all")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
      ->capture_default_str();
}

}  // namespace

void add_bench_ingest_command(CLI::App& bench, Global& global, Action& action) {
  CLI::App& command =
      *add_subcommand(bench, "ingest", "Measure how fast a node takes statements in durably");
  const auto options = std::make_shared<Options>();
  command.add_option("--way", options->way, "How statements get to the node")
      ->check(one_of({"inproc", "http", "mqtt"}))
      ->capture_default_str();
  add_load_options(command, options->work);
  command
      .add_option("--folder", options->work.folder,
                  "Where the node's data and the signed statements are put for the time being "
                  "(default: the temporary folder)")
      ->type_name("DIR");
  command.add_flag("--no-blocks", options->no_blocks,
                   "Make no blocks: everything waits in the mempool, and memory grows");
  command.add_flag("--json", options->json, "Print one JSON document");
  command.footer(
      "A chain is made whose genesis names the devices; statements of four vital signs, about 240\n"
      "bytes, are signed into a file first, so that sending is not bounded by signing. The node "
      "is\n"
      "in this process (inproc), or in one of its own with a listener on loopback. It makes a "
      "block\n"
      "each second. A statement counts when the node has it durably.\n"
      "Examples:\n"
      "  salus bench ingest --seconds 60\n"
      "  salus bench ingest --way mqtt --rate 25000");
  command.callback([&global, &action, options] {
    action = [&global, options] { return run_bench_ingest(*options, global); };
  });
}

}  // namespace salus::cli
