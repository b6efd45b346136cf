// `salus simulate`: a fleet of virtual devices.
#include "cli/simulate.h"

#include <memory>

#include "cli/arguments.h"
#include "cli/simulate/session.h"
#include "engine/error.h"

namespace salus::cli {
namespace {

using simulate::SessionOptions;

constexpr std::size_t kMostDevices = 1'000'000;

void add_fleet_options(CLI::App& command, SessionOptions& options) {
  constexpr const char* group = "Devices";
  command.add_option("--devices", options.devices, "Virtual devices, each with a key of its own")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, kMostDevices))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--p256", options.p256_share,
                  "Share of devices with ECDSA P-256, 0 to 1; the others have Ed25519")
      ->type_name("FRACTION")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--seed", options.seed,
                  "Keys are derived from this number: the same fleet each time, and nothing that "
                  "keeps a secret")
      ->type_name("NUMBER")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--keys", options.keys_folder,
                  "Keep keys, made at random, in this folder instead")
      ->type_name("DIR")
      ->group(group);
  command
      .add_option("--authority", options.authority,
                  "Register the devices first, signed by this authority's private key (PEM)")
      ->type_name("FILE")
      ->group(group);
  command
      .add_option("--passphrase-file", options.passphrase_file,
                  "The authority's passphrase is in the first line of this file (default: asked "
                  "for)")
      ->type_name("FILE")
      ->group(group);
}

void add_content_options(CLI::App& command, SessionOptions& options) {
  constexpr const char* group = "What they send";
  CLI::Option* const waveform =
      command
          .add_option(
              "--waveform", options.waveform,
              "Recording to replay, each device from another place: CSV, a value a line, or "
              "milliseconds and a value (default: a pulse wave recorded by others)")
          ->type_name("CSV")
          ->group(group);
  command.add_option("--hertz", options.hertz, "Samples/s of a recording without times")
      ->type_name("RATE")
      ->check(CLI::Range(0.001, 100'000.0))
      ->needs(waveform)
      ->group(group);
  command
      .add_flag("--made-up", options.made_up,
                "Four vital signs that are made up, about 240 bytes a statement, instead of a "
                "recording")
      ->excludes(waveform)
      ->group(group);
  command.add_option("--pack", options.pack_seconds, "Seconds of a recording in a statement")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.001, 3600.0))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--tamper", options.tampered,
                  "Share of statements that are altered after signing: refused, bad_signature")
      ->type_name("FRACTION")
      ->check(CLI::Range(0.0, 1.0))
      ->group(group);
  command
      .add_option("--replay", options.replayed,
                  "So many are sent a second time, as a share of all: refused, duplicate")
      ->type_name("FRACTION")
      ->check(CLI::Range(0.0, 1.0))
      ->group(group);
}

void add_amount_options(CLI::App& command, SessionOptions& options) {
  constexpr const char* group = "How much";
  command
      .add_option("--rate", options.rate,
                  "Statements/s of all devices; 0: as fast as they are taken (default: a pack of "
                  "each device every --pack seconds; with --play 0)")
      ->type_name("PER_SECOND")
      ->check(CLI::Range(0.0, 1e9))
      ->group(group);
  command.add_option("--duration", options.duration, "Stop after so many seconds")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.001, 1e9))
      ->group(group);
  command
      .add_option("--count", options.count,
                  "Stop after so many statements; those of --replay are on top")
      ->type_name("N")
      ->group(group);
}

void add_target_options(CLI::App& command, SessionOptions& options) {
  constexpr const char* group = "Where to";
  command
      .add_option("--to", options.to,
                  "http, https, mqtt or mqtts://HOST[:PORT] of a node, or a node's folder, which "
                  "is then opened by this process")
      ->type_name("WHERE")
      ->group(group);
  CLI::Option* const out =
      command.add_option("--out", options.out, "Sign --count statements into a file, for --play")
          ->type_name("FILE")
          ->group(group);
  command.add_option("--play", options.play, "Send what --out has signed")
      ->type_name("FILE")
      ->excludes(out)
      ->group(group);
  command.add_option("--batch", options.batch, "Statements in a request, at most")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{10'000}))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--connections", options.connections,
                  "Connections, each with its share of the devices (default: HTTP 4, MQTT 10)")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{4'096}))
      ->group(group);
  command
      .add_option("--in-flight", options.in_flight,
                  "MQTT: publishes that wait for an answer at once, of all connections")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--retry", options.retry_seconds,
                  "Send again what gets no answer, until none came for so many seconds")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--acknowledged", options.acknowledged_file,
                  "Append the id of each statement that the node says it has, one a line")
      ->type_name("FILE")
      ->group(group);
}

void add_access_options(CLI::App& command, SessionOptions& options) {
  constexpr const char* group = "Access";
  CLI::Option* const user = command.add_option("--user", options.user, "MQTT: user name")
                                ->type_name("NAME")
                                ->group(group);
  command
      .add_option("--password-file", options.password_file,
                  "MQTT: the password is in the first line of this file")
      ->type_name("FILE")
      ->needs(user)
      ->group(group);
  command
      .add_option("--topic-prefix", options.topic_prefix,
                  "MQTT: statements are published below this topic")
      ->type_name("TOPIC")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--ca", options.authorities,
                  "TLS: who signs the server's certificate, PEM (default: the system's)")
      ->type_name("FILE")
      ->group(group);
  CLI::Option* const key =
      command.add_option("--tls-key", options.key, "TLS: its private key, PEM")
          ->type_name("FILE")
          ->group(group);
  CLI::Option* const certificate =
      command.add_option("--tls-certificate", options.certificate, "TLS: our certificate, PEM")
          ->type_name("FILE")
          ->needs(key)
          ->group(group);
  key->needs(certificate);
}

void check(const SessionOptions& options) {
  if (options.to.empty() == options.out.empty())
    throw Error(ErrorKind::usage, "either --to or --out says where statements go");
  if (!options.out.empty() && !options.count)
    throw Error(ErrorKind::usage, "--out: --count says how many statements to sign");
  if (!options.play.empty() && !options.authority.empty())
    throw Error(ErrorKind::usage, "--authority: the file of --play has its registrations");
}

constexpr const char* kFooter =
    "Says each second what was sent and answered: a table on a terminal, otherwise JSON, a line\n"
    "each. An answer counts when the node has the statement durably; latency is from sending to\n"
    "that. Exit code 1 when an answer is not what it should be, 3 when there was none.\n"
    "Examples:\n"
    "  salus node init my-node --dev\n"
    "  salus simulate --to my-node --authority my-node/authority.pem --duration 10\n"
    "  salus simulate --to mqtt://127.0.0.1 --devices 1000 --p256 0.3 --tamper 0.01\n"
    "  salus simulate --out load.cbor --authority my-node/authority.pem --devices 1000 \\\n"
    "                 --made-up --count 1000000\n"
    "  salus simulate --play load.cbor --to http://127.0.0.1:8340 --connections 8";

}  // namespace

void add_simulate_command(CLI::App& app, Global& global, Action& action) {
  CLI::App& command =
      *add_subcommand(app, "simulate", "Play a fleet of devices that sign and send telemetry");
  const auto options = std::make_shared<SessionOptions>();
  add_fleet_options(command, *options);
  add_content_options(command, *options);
  add_amount_options(command, *options);
  add_target_options(command, *options);
  add_access_options(command, *options);
  command.footer(kFooter);
  command.callback([&global, &action, options] {
    action = [&global, options] {
      check(*options);
      return run_session(*options, global);
    };
  });
}

}  // namespace salus::cli
