// `salus hash`: digests of files as `sha256sum` prints and checks them, many at once.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/engine_options.h"
#include "cli/hash_check.h"
#include "cli/hash_report.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/status_line.h"
#include "engine/engine.h"
#include "engine/error.h"
#include "engine/files/file_hasher.h"
#include "engine/files/folder_walk.h"
#include "engine/log.h"
#include "engine/manifest/line.h"

namespace salus::cli {
namespace {

struct HashOptions {
  std::vector<std::string> files;
  bool check = false;
  bool recursive = false;
  bool zero = false;
  bool tag = false;
  bool quiet = false;
  bool strict = false;
  bool ignore_missing = false;
  bool status_only = false;
  bool warn = false;
  enum class Mode { unsaid, text, binary } mode = Mode::unsaid;
};

[[noreturn]] void refuse(const std::string& problem) {
  throw Error(ErrorKind::usage, problem + " (see `salus hash --help`)");
}

/// Some options take back others, so that the last one counts, as in `sha256sum`.
void apply_in_order(const CLI::App& command, HashOptions& options) {
  for (const CLI::Option* option : command.parse_order()) {
    const std::string name = option->get_name();
    if (name == "--text") options.mode = HashOptions::Mode::text;
    if (name == "--binary" || name == "--tag") options.mode = HashOptions::Mode::binary;
    if (name == "--status" || name == "--warn" || name == "--quiet") {
      options.status_only = name == "--status";
      options.warn = name == "--warn";
      options.quiet = name == "--quiet";
    }
  }
}

/// Combinations that make no sense, in the words of `sha256sum`.
void check_combination(const HashOptions& options) {
  constexpr std::string_view only_check = "meaningful only when verifying checksums";
  if (options.tag && options.mode == HashOptions::Mode::text)
    refuse("--tag does not support --text mode");
  if (options.check) {
    if (options.zero) refuse("the --zero option is not supported when verifying checksums");
    if (options.tag) refuse("the --tag option is meaningless when verifying checksums");
    if (options.mode != HashOptions::Mode::unsaid)
      refuse("the --binary and --text options are meaningless when verifying checksums");
    if (options.recursive) refuse("the --recursive option is meaningless when verifying checksums");
    return;
  }
  if (options.ignore_missing) refuse(fmt::format("the --ignore-missing option is {}", only_check));
  if (options.status_only) refuse(fmt::format("the --status option is {}", only_check));
  if (options.warn) refuse(fmt::format("the --warn option is {}", only_check));
  if (options.strict) refuse(fmt::format("the --strict option is {}", only_check));
  if (options.recursive && options.files.empty()) refuse("--recursive needs a folder");
}

/// Where files are hashed, as --device says.
files::FileHasherOptions hasher_options(const Global& global) {
  files::FileHasherOptions options;
  options.cpu = cpu_options(global);
  options.dash_is_stdin = true;
  if (global.self_check && (global.devices == "auto" || global.devices == "cpu"))
    refuse("--self-check needs --device: here files are hashed on the CPU, by nobody else");
  if (global.devices == "auto") {
    logging::info(
        "hash: on the CPU: files come through its memory anyway, and sending them on over PCIe "
        "takes longer than hashing them here");
  } else if (global.devices != "cpu") {
    logging::info("hash: files up to {} MiB on {}, as --device says; larger ones on the CPU",
                  files::kDeviceFileLimit >> 20, global.devices);
    const auto engine = std::make_shared<engine::Engine>(engine_options(global));
    options.hash_batch = [engine, stop = global.stop](const engine::MessageView& messages,
                                                      std::span<Digest> out) {
      engine->hash_many(messages, out, {.stop = stop, .progress = {}});
    };
  }
  return options;
}

/// Prints a line for each file. A file that cannot be read gets a complaint in its place.
class HashRun {
 public:
  HashRun(const HashOptions& options, const Global& global, const engine::JobControl& control)
      : options_(options),
        hasher_(
            hasher_options(global),
            [this](std::uint64_t index, const std::string& path, const files::FileResult& result) {
              take(path, result);
              report_.through(index + 1);
            },
            control, [this] { report_.flush(); }) {}

  int run() {
    for (const std::string& file : options_.files) {
      std::error_code ignored;
      if (options_.recursive && std::filesystem::is_directory(file, ignored))
        add_folder(file);
      else
        add(file);
    }
    hasher_.finish();
    report_.flush();
    return failed_ ? kUsage : kOk;
  }

 private:
  void add(const std::string& file) {
    ++added_;
    hasher_.add(file);
  }

  void add_folder(const std::string& folder) {
    files::walk_folder(folder,
                       {.file = [this](const std::string& file) { add(file); },
                        .failure =
                            [this](const std::string& path, int error) {
                              failed_ = true;
                              report_.when_through(
                                  added_, [this, path, error] { report_.complain(path, error); });
                            },
                        .skipped =
                            [](const std::string& path, std::string_view kind) {
                              logging::info("hash: {} is left out: {}", printable(path), kind);
                            }});
  }

  void take(const std::string& path, const files::FileResult& result) {
    if (result.error != 0) {
      failed_ = true;
      report_.complain(path, result.error);
      return;
    }
    manifest::append_line(report_.lines(), result.digest, path,
                          {.binary = options_.mode == HashOptions::Mode::binary,
                           .tagged = options_.tag,
                           .zero = options_.zero});
    report_.keep_small();
  }

  const HashOptions& options_;
  HashReport report_;
  std::uint64_t added_ = 0;
  bool failed_ = false;
  files::FileHasher hasher_;  ///< Last: its results go to all of the above.
};

/// Bytes of all named files together; 0, for nobody knows, with a folder, a pipe or a device.
std::uint64_t known_size(const std::vector<std::string>& files) {
  std::uint64_t sum = 0;
  for (const std::string& file : files) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored)) return 0;
    const std::uintmax_t size = std::filesystem::file_size(file, ignored);
    if (size != static_cast<std::uintmax_t>(-1)) sum += size;
  }
  return sum;
}

int run_hash(const CLI::App& command, HashOptions& options, const Global& global) {
  apply_in_order(command, options);
  check_combination(options);
  if (options.files.empty()) options.files.emplace_back("-");
  ProgressBar progress(global, options.check ? "checking" : "hashing", Unit::bytes);
  // Sizes are asked for only where somebody sees the bar.
  const std::uint64_t total =
      options.check || !stderr_is_terminal() ? 0 : known_size(options.files);
  const engine::JobControl control{
      .stop = global.stop,
      .progress = [&](std::uint64_t done, std::uint64_t) { progress.update(done, total); }};
  if (!options.check) return HashRun(options, global, control).run();
  return check_manifests(options.files,
                         {.ok_lines = !options.quiet,
                          .status_only = options.status_only,
                          .warn = options.warn,
                          .strict = options.strict,
                          .ignore_missing = options.ignore_missing},
                         hasher_options(global), control);
}

void add_output_options(CLI::App& command, HashOptions& options) {
  command.add_flag("-r,--recursive", options.recursive,
                   "Hash every regular file below the folders named, sorted by path; symbolic "
                   "links inside are not followed");
  command.add_flag("-b,--binary")->description("Mark files as read in binary mode (same digest)");
  command.add_flag("-t,--text")
      ->description("Mark files as read in text mode (default, same digest)");
  command.add_flag("--tag", options.tag, "BSD style lines: SHA256 (FILE) = DIGEST");
  command.add_flag("-z,--zero", options.zero,
                   "End lines with NUL instead of newline, and do not escape names");
}

void add_check_options(CLI::App& command, HashOptions& options, Global& global) {
  command.add_flag("-c,--check", options.check, "Read digests from the FILES and check them");
  constexpr const char* group = "With --check";
  command.add_flag("-q,--quiet", global.quiet, "No line for files that are as they should be")
      ->group(group);
  command.add_flag("--status")
      ->description("No output at all: the exit code says it")
      ->group(group);
  command.add_flag("--ignore-missing", options.ignore_missing, "Pass over files that do not exist")
      ->group(group);
  command.add_flag("--strict", options.strict, "Malformed lines are a failure")->group(group);
  command.add_flag("-w,--warn")->description("Say which lines are malformed")->group(group);
}

}  // namespace

void add_hash_command(CLI::App& app, Global& global, Action& action) {
  const auto options = std::make_shared<HashOptions>();
  CLI::App& command = *add_subcommand(app, "hash", "SHA-256 of files, as sha256sum prints it");
  add_file_arguments(command, options->files, "Files; none or - is standard input");
  add_output_options(command, *options);
  add_check_options(command, *options, global);
  add_device_options(command, global);
  add_self_check_option(command, global);
  command.callback([&command, &global, &action, options] {
    action = [&command, &global, options] { return run_hash(command, *options, global); };
  });
}

}  // namespace salus::cli
