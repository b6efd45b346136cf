// `salus block verify`: Bitcoin blocks and headers.
#include <cmath>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/engine_options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/units.h"
#include "engine/bitcoin/verifier.h"
#include "engine/error.h"
#include "engine/log.h"
#include "engine/stopwatch.h"

namespace salus::cli {
namespace {

using bitcoin::Failure;
using bitcoin::InputSummary;
using Json = nlohmann::json;

// A JSON document lists this many failures at most; it counts all.
constexpr std::size_t kMaxListed = 10000;

struct VerifyCommand {
  std::vector<std::string> files;
  bool json = false;
  bool allow_gaps = false;
};

/// One file and what became of it.
struct Input {
  std::string name;
  InputSummary summary;
  std::uint64_t failures = 0;
  std::string error;  ///< Why it could not be read to its end.
};

std::string name_of(const std::string& file) { return file == "-" ? "(stdin)" : printable(file); }

/// Bytes of a regular file; 0 where nobody knows.
std::uint64_t size_of(const std::string& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  return error ? 0 : size;
}

/// All files together.
struct Totals {
  std::uint64_t headers = 0;
  std::uint64_t transactions = 0;
  std::uint64_t bytes = 0;
  std::uint64_t failures = 0;
  std::uint64_t errors = 0;
  double seconds = 0;

  [[nodiscard]] double rate(std::uint64_t count) const {
    return seconds > 0 ? static_cast<double>(count) / seconds : 0;
  }
};

/// "1 block", "2 blocks".
std::string count_of(std::uint64_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string verdict(std::uint64_t failures, std::uint64_t errors) {
  if (failures == 0 && errors == 0) return "all good";
  std::string out = failures == 0 ? "" : fmt::format("{} FAILED", failures);
  if (errors != 0)
    out += fmt::format("{}{} not read", out.empty() ? "" : ", ", count_of(errors, "file"));
  return out;
}

std::string work_text(const pow::Uint256& work) {
  return work.is_zero() ? "none" : fmt::format("2^{:.1f} hashes", std::log2(work.to_double()));
}

void print_summary(const std::vector<Input>& inputs, const Totals& totals) {
  for (const Input& input : inputs) {
    if (!input.error.empty()) continue;
    const InputSummary& s = input.summary;
    const bool blocks = s.format != bitcoin::Format::headers;
    print("{}: {}{}{}, work {}: {}\n", input.name, count_of(s.headers, blocks ? "block" : "header"),
          blocks ? ", " + count_of(s.transactions, "transaction") : "",
          s.network != nullptr ? fmt::format(" of {}", s.network->name) : "", work_text(s.work),
          verdict(input.failures, 0));
  }
  print("{}, {}, {} in {}: {} ({}, {})\n", count_of(totals.headers, "header"),
        count_of(totals.transactions, "transaction"),
        format_amount(static_cast<double>(totals.bytes), Unit::bytes),
        format_duration(totals.seconds), verdict(totals.failures, totals.errors),
        format_rate(totals.rate(totals.headers), Unit::headers),
        format_rate(totals.rate(totals.bytes), Unit::bytes));
}

Json to_json(const Failure& failure, const std::string& name) {
  return {{"input", name},
          {"index", failure.index},
          {"offset", failure.offset},
          {"id", failure.id ? Json(to_hex_reversed(*failure.id)) : Json()},
          {"reason", failure.reason}};
}

Json to_json(const Input& input) {
  const InputSummary& s = input.summary;
  return {{"name", input.name},
          {"format", to_string(s.format)},
          {"network", s.network != nullptr ? Json(s.network->name) : Json()},
          {"headers", s.headers},
          {"transactions", s.transactions},
          {"bytes", s.bytes},
          {"work", s.work.hex()},
          {"failures", input.failures},
          {"error", input.error.empty() ? Json() : Json(input.error)}};
}

void print_json(const std::vector<Input>& inputs, const std::vector<Json>& listed,
                const Totals& totals) {
  Json out{{"schema", "salus.block-verify/1"},
           {"good", totals.failures == 0 && totals.errors == 0},
           {"inputs", Json::array()},
           {"failures", listed},
           {"failure_count", totals.failures},
           {"seconds", totals.seconds},
           {"headers_per_second", totals.rate(totals.headers)},
           {"bytes_per_second", totals.rate(totals.bytes)}};
  for (const Input& input : inputs) out["inputs"].push_back(to_json(input));
  print("{}\n", out.dump(2, ' ', false, Json::error_handler_t::replace));
}

/// Verifies file after file and says at once what fails.
class Verification {
 public:
  Verification(const Global& global, const VerifyCommand& command)
      : command_(command), engine_(engine_options(global)), bar_(global, "verifying", Unit::bytes) {
    log_choice(engine_, global);
    for (const std::string& file : command.files) total_ += size_of(file);
    bitcoin::VerifyOptions options;
    options.allow_gaps = command.allow_gaps;
    options.stop = global.stop;
    options.progress = [this](std::uint64_t bytes) { bar_.update(done_ + bytes, total_); };
    verifier_.emplace(engine_, options, [this](const Failure& failure) { take(failure); });
  }

  void run() {
    const Stopwatch watch;
    inputs_.resize(command_.files.size());
    for (std::size_t i = 0; i < inputs_.size(); ++i) verify(i);
    verifier_->finish();
    seconds_ = watch.seconds();
  }

  [[nodiscard]] Totals totals() const {
    Totals out;
    for (const Input& input : inputs_) {
      out.headers += input.summary.headers;
      out.transactions += input.summary.transactions;
      out.bytes += input.summary.bytes;
      out.failures += input.failures;
      out.errors += input.error.empty() ? 0 : 1;
    }
    out.seconds = seconds_;
    return out;
  }
  [[nodiscard]] const std::vector<Input>& inputs() const { return inputs_; }
  [[nodiscard]] const std::vector<Json>& listed() const { return listed_; }

 private:
  /// A file that cannot be read does not keep the others from being verified.
  void verify(std::size_t i) {
    Input& input = inputs_[i];
    input.name = name_of(command_.files[i]);
    try {
      verifier_->verify(i, *bitcoin::open_block_file(command_.files[i]), input.summary);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::input)
        throw Error(error.kind(), input.name + ": " + error.what());
      input.error = error.what();
      logging::error("{}: {}", input.name, input.error);
    }
    done_ += size_of(command_.files[i]);
  }

  void take(const Failure& failure) {
    Input& input = inputs_[failure.input];
    ++input.failures;
    if (!command_.json)
      print("{}: block {}{}: {}\n", input.name, failure.index,
            failure.id ? fmt::format(" ({})", to_hex_reversed(*failure.id)) : "", failure.reason);
    else if (listed_.size() < kMaxListed)
      listed_.push_back(to_json(failure, input.name));
  }

  const VerifyCommand& command_;
  engine::Engine engine_;
  ProgressBar bar_;
  std::optional<bitcoin::Verifier> verifier_;
  std::vector<Input> inputs_;
  std::vector<Json> listed_;
  std::uint64_t total_ = 0;  ///< Bytes of all files, as far as known.
  std::uint64_t done_ = 0;
  double seconds_ = 0;
};

int run_verify(const Global& global, const VerifyCommand& command) {
  Verification verification(global, command);
  verification.run();
  const Totals totals = verification.totals();
  if (command.json)
    print_json(verification.inputs(), verification.listed(), totals);
  else if (!global.quiet)
    print_summary(verification.inputs(), totals);
  if (totals.failures != 0) return kRefused;
  return totals.errors != 0 ? kUsage : kOk;
}

}  // namespace

void add_block_command(CLI::App& app, Global& global, Action& action) {
  CLI::App* const block = add_subcommand(app, "block", "Verify Bitcoin blocks and headers");
  block->require_subcommand(0, 1);
  CLI::App* const verify = add_subcommand(
      *block, "verify", "Check proof of work, linkage and Merkle roots of blocks and headers");
  const auto command = std::make_shared<VerifyCommand>();
  add_file_arguments(
      *verify, command->files,
      "Blocks, blk*.dat files or 80-byte headers, raw or in hex; - for standard input")
      ->required();
  verify->add_flag("--allow-gaps", command->allow_gaps,
                   "Accept blocks whose previous block is in none of the files");
  verify->add_flag("--json", command->json, "Print one JSON document instead of lines");
  add_device_options(*verify, global);
  add_self_check_option(*verify, global);
  verify->footer(
      "Each block that fails gets a line `FILE: block N (ID): REASON`, N counted from 0. Checked "
      "are\n"
      "the work that the block's own bits ask for (and, in blk*.dat files, that the network "
      "allows\n"
      "them), the previous id and the Merkle root; not difficulty adjustment, times, signatures "
      "or\n"
      "witnesses. The first block of a file may have a previous block that is not given.");
  verify->callback([&global, &action, command] {
    action = [&global, command] { return run_verify(global, *command); };
  });
}

}  // namespace salus::cli
