// `salus mine`: finds a nonce for one header.
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/engine_options.h"
#include "cli/hex_options.h"
#include "cli/output.h"
#include "cli/status_line.h"
#include "cli/units.h"
#include "engine/engine.h"

namespace salus::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::string header;
  std::string bits;
  std::string version_mask = "0";
  std::string nonce_begin = "0";
  std::uint32_t time_max = 0;
  bool json = false;
};

engine::MineRequest make_request(const Options& options) {
  engine::MineRequest request;
  request.header = parse_header_hex(options.header, "--header");
  const bool own_bits = options.bits.empty();
  if (!own_bits) request.header.bits = parse_hex32(options.bits, "--bits");
  request.target = parse_bits(request.header.bits, own_bits ? "--header" : "--bits");
  request.version_mask = parse_hex32(options.version_mask, "--version-mask");
  request.nonce_begin = parse_hex32(options.nonce_begin, "--nonce-begin");
  request.time_max = options.time_max;
  return request;
}

/// The rate so far, and how long a hit takes at that rate on average: the search has no memory, so
/// that does not get less with time.
std::string status_text(double hashes, double seconds, double work) {
  const double rate = hashes / seconds;
  return fmt::format("mining  {}  {} tried  a hit takes {} on average",
                     format_rate(rate, Unit::hashes), format_amount(hashes, Unit::hashes),
                     format_duration(work / rate));
}

/// Shows the status line twice a second once the first second is over.
class LiveStatus {
 public:
  LiveStatus(bool enabled, double work)
      : enabled_(enabled),
        work_(work),
        start_(Clock::now()),
        next_(start_ + std::chrono::seconds(1)) {}
  ~LiveStatus() { clear_status(); }
  LiveStatus(const LiveStatus&) = delete;
  LiveStatus& operator=(const LiveStatus&) = delete;

  void update(std::uint64_t hashes) {
    const Clock::time_point now = Clock::now();
    if (!enabled_ || now < next_ || hashes == 0) return;
    next_ = now + std::chrono::milliseconds(500);
    show_status(status_text(static_cast<double>(hashes), seconds(), work_));
  }
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(Clock::now() - start_).count();
  }

 private:
  bool enabled_;
  double work_;
  Clock::time_point start_;
  Clock::time_point next_;
};

std::string effort_text(const engine::MineResult& result, double seconds) {
  const auto hashes = static_cast<double>(result.hashes);
  return fmt::format("{} in {}, {}", format_amount(hashes, Unit::hashes), format_duration(seconds),
                     format_rate(seconds > 0 ? hashes / seconds : 0, Unit::hashes));
}

/// The command that goes on where this one stopped.
std::string resume_command(const engine::MineRequest& request, const pow::Header& next) {
  std::string command = fmt::format("salus mine --header {} --nonce-begin {:x}",
                                    to_hex(pow::serialise(next)), next.nonce);
  if (request.version_mask != 0)
    command += fmt::format(" --version-mask {:x}", request.version_mask);
  if (request.time_max != 0) command += fmt::format(" --time-max {}", request.time_max);
  return command;
}

std::string result_text(const engine::MineRequest& request, const engine::MineResult& result,
                        double seconds) {
  if (result.header) {
    const pow::Header& found = *result.header;
    return fmt::format("header  {}\nnonce   {:08x}\nid      {}\neffort  {}\n",
                       to_hex(pow::serialise(found)), found.nonce,
                       to_hex_reversed(pow::header_id(found)), effort_text(result, seconds));
  }
  if (result.exhausted)
    return fmt::format(
        "none    no header in the search space meets the target\n"
        "effort  {}\n",
        effort_text(result, seconds));
  return fmt::format("stopped after {}\ngo on with: {}\n", effort_text(result, seconds),
                     resume_command(request, result.next));
}

nlohmann::json result_json(const engine::MineResult& result, double seconds) {
  nlohmann::json json = {{"found", result.header.has_value()},
                         {"exhausted", result.exhausted},
                         {"hashes", result.hashes},
                         {"seconds", seconds}};
  if (result.header) {
    json["header"] = to_hex(pow::serialise(*result.header));
    json["nonce"] = result.header->nonce;
    json["version"] = result.header->version;
    json["time"] = result.header->time;
    json["id"] = to_hex_reversed(pow::header_id(*result.header));
  } else if (!result.exhausted) {
    json["next_header"] = to_hex(pow::serialise(result.next));
    json["next_nonce"] = result.next.nonce;
  }
  return json;
}

int run_mine(const Options& options, const Global& global) {
  const engine::MineRequest request = make_request(options);
  engine::Engine engine(engine_options(global));
  log_choice(engine, global);
  LiveStatus status(!global.quiet, pow::work_of(request.target).to_double());
  engine::JobControl control;
  control.stop = global.stop;
  control.progress = [&](std::uint64_t hashes, std::uint64_t) { status.update(hashes); };
  const engine::MineResult result = engine.mine(request, control);
  const double seconds = status.seconds();
  clear_status();
  write_out(options.json ? json_text(result_json(result, seconds))
                         : result_text(request, result, seconds));
  return result.header || !result.exhausted ? kOk : kRefused;
}

}  // namespace

void add_mine_command(CLI::App& app, Global& global, Action& action) {
  CLI::App* const command = add_subcommand(app, "mine", "Find a nonce for a block header");
  const auto options = std::make_shared<Options>();
  command->add_option("--header", options->header, "The 80-byte header as 160 hex digits")
      ->type_name("HEX")
      ->required();
  command
      ->add_option("--bits", options->bits,
                   "Compact target to put into the header (default: its own)")
      ->type_name("HEX");
  command
      ->add_option("--version-mask", options->version_mask,
                   "Version bits that may be changed (BIP 320: 1fffe000)")
      ->type_name("HEX")
      ->capture_default_str();
  command->add_option("--nonce-begin", options->nonce_begin, "First nonce to try")
      ->type_name("HEX")
      ->capture_default_str();
  command
      ->add_option(
          "--time-max", options->time_max,
          "Let the header's time rise to this (seconds since 1970) when nonces are used up")
      ->type_name("SECONDS");
  command->add_flag("--json", options->json, "Print JSON");
  add_device_options(*command, global);
  add_self_check_option(*command, global);
  command->footer(
      "Nonces are tried first, then version bits, then times. Ctrl-C stops and prints how to go "
      "on.\n"
      "Exit code 1 when nothing in the search space meets the target.\n"
      "Example, block 1 of Bitcoin with an easier target:\n"
      "  salus mine --bits 1f00ffff --header "
      "010000006fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c"
      "68d6190000000000982051fd1e4ba744bbbe680e1fee14677ba1a3c3540bf7b1cdb606e857233e0e61bc6649ffff"
      "001d"
      "00000000");
  command->callback([&global, &action, options] {
    action = [&global, options] { return run_mine(*options, global); };
  });
}

}  // namespace salus::cli
