// `salus verify`: signatures over files, or over items in lines of JSON.
#include <fmt/format.h>

#include <memory>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/engine_options.h"
#include "cli/status_line.h"
#include "cli/units.h"
#include "cli/verify_files.h"
#include "cli/verify_lines.h"
#include "engine/engine.h"
#include "engine/error.h"
#include "engine/log.h"
#include "engine/stopwatch.h"

namespace salus::cli {
namespace {

using engine::signature::Item;
using engine::signature::Policy;

struct VerifyOptions {
  SignedFiles files;
  std::string algorithm;
  std::string jsonl;
  std::string encoding = "auto";
  bool low_s = false;
  bool json = false;
};

Encoding encoding_named(const std::string& name) {
  if (name == "hex") return Encoding::hex;
  return name == "base64url" ? Encoding::base64url : Encoding::automatic;
}

[[noreturn]] void refuse(const std::string& problem) {
  throw Error(ErrorKind::usage, problem + " (see `salus verify --help`)");
}

void check_combination(VerifyOptions& options, bool has_key) {
  if (!options.jsonl.empty()) {
    if (has_key || !options.algorithm.empty() || !options.files.signatures.empty())
      refuse("--jsonl brings algorithms, keys and signatures of its own");
    if (!options.files.files.empty()) refuse("--jsonl takes no further FILES");
    return;
  }
  if (!has_key) refuse("a --key is needed, or --jsonl");
  if (options.files.files.empty()) options.files.files.emplace_back("-");
  if (options.algorithm.empty()) return;
  options.files.algorithm = algorithm_named(options.algorithm);
}

/// "12 signatures: 10 valid, 1 invalid, 1 line without an item, in 0.1 s (120 signatures/s)".
std::string summary(const VerifyReport& report, double seconds) {
  const std::uint64_t items = report.valid() + report.invalid();
  std::string text = fmt::format("{} signature{}: {} valid, {} invalid", items,
                                 items == 1 ? "" : "s", report.valid(), report.invalid());
  if (report.without_item() != 0)
    text += fmt::format("; {} line{} could not be read", report.without_item(),
                        report.without_item() == 1 ? "" : "s");
  return text + fmt::format("; {}, {}", format_duration(seconds),
                            format_rate(static_cast<double>(items) / std::max(seconds, 1e-9),
                                        Unit::signatures));
}

/// A few files are verified sooner than a GPU is opened.
engine::EngineOptions verify_engine_options(const Global& global, bool many) {
  engine::EngineOptions options = engine_options(global);
  if (many || options.devices != "auto") return options;
  logging::info("verify: files on the CPU: it is done with them before a GPU is open");
  options.devices = "cpu";
  return options;
}

int run_verify(VerifyOptions& options, const Global& global, bool has_key) {
  check_combination(options, has_key);
  const Policy policy{.p256_low_s = options.low_s};
  VerifyReport report(options.json);
  engine::Engine engine(verify_engine_options(global, !options.jsonl.empty()));
  log_choice(engine, global);
  ItemStream stream(
      [&](std::span<const Item> items) {
        return engine.verify_batch(items, policy, {.stop = global.stop, .progress = {}});
      },
      report);
  const Stopwatch watch;
  if (options.jsonl.empty())
    verify_files(options.files, stream, global);
  else
    verify_lines(options.jsonl, encoding_named(options.encoding), stream, global);
  const double taken = watch.seconds();
  if (!options.jsonl.empty() && !global.quiet) write_error_line("salus: " + summary(report, taken));
  return report.exit_code();
}

void add_file_options(CLI::App& command, VerifyOptions& options) {
  add_file_arguments(command, options.files.files, "What was signed; none or - is standard input");
  command.add_option("--alg", options.algorithm, "What the key must be (default: whatever it is)")
      ->check(one_of({"ed25519", "p256"}));
  command
      .add_option("--key", options.files.key,
                  "File with the public key, or hex:... or base64url:...")
      ->type_name("KEY");
  command
      .add_option("--sig", options.files.signatures,
                  "File with the signature, or hex:... or base64url:...; once, or once for each "
                  "file in order (default: FILE.sig)")
      ->type_name("SIGNATURE")
      ->allow_extra_args(false)
      ->take_all();
}

void add_line_options(CLI::App& command, VerifyOptions& options) {
  constexpr const char* group = "With --jsonl";
  command
      .add_option("--jsonl", options.jsonl,
                  "Verify the items in the lines of this file; - is standard input")
      ->type_name("FILE");
  command.add_option("--encoding", options.encoding, "What values in the lines are written in")
      ->check(one_of({"auto", "hex", "base64url"}))
      ->capture_default_str()
      ->group(group);
}

constexpr const char* kFooter =
    "Keys: PEM, DER (SubjectPublicKeyInfo or certificate), COSE_Key, SEC 1 points, raw Ed25519;\n"
    "files may hold any of the binary ones in hex or base64url. Signatures: 64 bytes, for p256 "
    "also\n"
    "strict DER. Which signatures are accepted: docs/signatures.md.\n"
    "\n"
    "A line of --jsonl is an object with four strings; other members are ignored:\n"
    "  {\"alg\": \"ed25519\", \"key\": \"d75a...\", \"message\": \"af82\", \"signature\": "
    "\"6291...\"}\n"
    "Values are hex where they are hex digits in pairs and nothing else, base64url otherwise. "
    "Short\n"
    "base64url can look like hex: say --encoding, or begin the value with hex: or base64url:.\n"
    "\n"
    "Every item gets one line, in order: `FILE: valid`, `FILE: invalid REASON`; with --jsonl the\n"
    "number of the line stands for FILE, and `N: error PROBLEM` for a line that holds no item.\n"
    "Exit code 1 when an item is not valid, else 2 when something could not be read.\n"
    "\n"
    "Examples:\n"
    "  openssl pkeyutl -sign -inkey key.pem -rawin -in report.xml -out report.xml.sig  # Ed25519\n"
    "  openssl pkey -in key.pem -pubout -out public.pem\n"
    "  salus verify --key public.pem report.xml";

}  // namespace

void add_verify_command(CLI::App& app, Global& global, Action& action) {
  const auto options = std::make_shared<VerifyOptions>();
  CLI::App& command = *add_subcommand(app, "verify", "Verify Ed25519 and ECDSA P-256 signatures");
  add_file_options(command, *options);
  add_line_options(command, *options);
  command.add_flag("--low-s", options->low_s,
                   "Refuse P-256 signatures with the larger of the two values of s");
  command.add_flag("--json", options->json, "Print a JSON object for each item, one a line");
  add_device_options(command, global);
  add_self_check_option(command, global);
  add_verify_variant_option(command, global);
  command.footer(kFooter);
  command.callback([&command, &global, &action, options] {
    action = [&command, &global, options] {
      return run_verify(*options, global, command.count("--key") != 0);
    };
  });
}

}  // namespace salus::cli
