// `salus trial update`: a new seal for data that was added to, or corrected.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>

#include "cli/arguments.h"
#include "cli/engine_options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/statement_output.h"
#include "cli/status_line.h"
#include "cli/trial/commands.h"
#include "cli/trial/seal_problems.h"
#include "cli/trial/study_options.h"
#include "engine/error.h"
#include "trial/proof/previous.h"
#include "trial/proof/signed_seal.h"
#include "trial/seal/sealing.h"
#include "trial/verify/verification.h"

namespace salus::cli {
namespace {

namespace fs = std::filesystem;
using trial::Outcome;

struct UpdateOptions {
  std::string folder;
  std::string seal;
  std::string out;
  ClaimOptions signer;
  std::string secret;
  bool resume = false;
};

/// What has become of the study since it was sealed.
struct Changes {
  std::uint64_t added = 0;
  std::uint64_t replaced = 0;                  ///< Changed, gone, or under another name.
  std::vector<trial::SealProblem> unsealable;  ///< Added, but no files.
  std::vector<trial::Finding> unreadable;
};

fs::path without_slash(const fs::path& path) {
  return path.has_filename() ? path : path.parent_path();
}

/// A name beside the seal that is free: "STUDY.1.seal".
fs::path free_name(const fs::path& seal) {
  const fs::path path = without_slash(seal);
  for (unsigned n = 1;; ++n) {
    fs::path name = path.parent_path() / path.stem();
    name += fmt::format(".{}", n);
    name += path.extension();
    if (!fs::exists(fs::symlink_status(name))) return name;
  }
}

/// Lets two seals change places in one step, so that there is one under each name at any time.
void exchange(const fs::path& one, const fs::path& other) {
  if (renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) != 0)
    throw Error(ErrorKind::system,
                fmt::format("{} is the new seal, but cannot take the place of {}: {}", one.string(),
                            other.string(), std::strerror(errno)));
  const fs::path parent = one.has_parent_path() ? one.parent_path() : fs::path(".");
  const files::Descriptor folder(open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open() || fsync(folder.number()) != 0)
    throw Error(ErrorKind::system, parent.string() + ": " + std::strerror(errno));
}

void require_whole(const trial::SealFolder& seal) {
  const trial::SignatureCheck check = check_signatures(seal);
  if (!check.faults.empty())
    throw Error(ErrorKind::input, (seal.path() / check.faults.front().file).string() + ": " +
                                      check.faults.front().reason);
}

/// One update from its beginning to its end.
class Update {
 public:
  Update(const UpdateOptions& options, const Global& global)
      : options_(options), global_(global), before_(options.seal, cpu_options(global)) {}

  int run() {
    try {
      return bring_up_to_date();
    } catch (const Cancelled&) {
      write_error_line("salus trial: stopped; the same command with --resume goes on");
      throw;
    }
  }

 private:
  int bring_up_to_date() {
    require_whole(before_);
    const node::SigningKey key = load_signer(options_.signer, global_.stop);
    const std::optional<trial::StudySecret> secret = secret_of_study();
    const Changes changes = compare(secret ? &*secret : nullptr);
    require_readable(changes);
    if (changes.added == 0 && changes.replaced == 0) return leave_unchanged(changes);
    const trial::SealSummary summary =
        seal(key, secret ? &*secret : nullptr, changes.replaced == 0);
    report(summary, changes.replaced == 0);
    return exit_code_of_sealing(summary.problems);
  }

  /// Also where there was no file yet that has any: of `--cells` the seal's header tells.
  [[nodiscard]] bool has_records() const {
    const auto& files = before_.seal().files;
    return before_.seal().header.cells ||
           std::ranges::any_of(files, [](const auto& file) { return file.records.has_value(); });
  }

  [[nodiscard]] std::optional<trial::StudySecret> secret_of_study() const {
    if (!has_records()) return std::nullopt;
    auto secret = find_secret(options_.secret, options_.seal);
    if (!secret)
      throw Error(ErrorKind::input, default_secret(options_.seal).string() +
                                        ": the study's secret is not there, which its records "
                                        "were sealed with (--secret FILE)");
    return secret;
  }

  /// A seal without them would say that they were removed.
  static void require_readable(const Changes& changes) {
    if (changes.unreadable.empty()) return;
    for (const trial::Finding& finding : changes.unreadable)
      tell_problem({finding.path, finding.reason});
    throw Error(ErrorKind::input,
                fmt::format("the seal stays as it was, as {} cannot be read",
                            changes.unreadable.size() == 1 ? "a file" : "some files"));
  }

  [[nodiscard]] int leave_unchanged(const Changes& changes) const {
    for (const trial::SealProblem& problem : changes.unsealable) tell_problem(problem);
    if (!global_.quiet) print("unchanged: the seal is good as it is\n");
    return exit_code_of_sealing(changes.unsealable.size());
  }

  /// Reads everything: only what was not touched may keep its line.
  Changes compare(const trial::StudySecret* secret) {
    fs::path progress_file = without_slash(options_.seal);
    progress_file += ".update-progress";
    const trial::VerifyRequest request{.folder = options_.folder,
                                       .seal = &before_,
                                       .secret = secret,
                                       .whole_digests = true,
                                       .max_places = 0,
                                       .progress_file = progress_file,
                                       .resume = options_.resume,
                                       .cpu = cpu_options(global_)};
    Changes changes;
    ProgressBar progress(global_, "comparing", Unit::bytes);
    total_ = bytes_to_read(options_.folder, before_.seal().header.excludes, global_);
    verify_study(request, [&changes](const trial::Finding& finding) { add(changes, finding); },
                 {.stop = global_.stop, .progress = [&](std::uint64_t done, std::uint64_t) {
                    progress.update(done, total_);
                  }});
    return changes;
  }

  static void add(Changes& changes, const trial::Finding& finding) {
    switch (finding.outcome) {
      case Outcome::unchanged: break;
      case Outcome::added:
        if (finding.reason.empty())
          ++changes.added;
        else
          changes.unsealable.push_back({finding.path, finding.reason + ": not sealed"});
        break;
      case Outcome::unreadable: changes.unreadable.push_back(finding); break;
      default: ++changes.replaced;
    }
  }

  trial::SealSummary seal(const node::SigningKey& key, const trial::StudySecret* secret,
                          bool has_grown) {
    const std::string now = utc_now();
    trial::SealRequest request;
    request.folder = options_.folder;
    target_ = options_.out.empty() ? free_name(options_.seal) : fs::path(options_.out);
    request.seal = target_;
    request.header = before_.seal().header;
    request.header.sealed = now;
    request.header.tool = tool_name();
    request.records = secret != nullptr;
    request.secret = secret;
    request.grown_from = has_grown ? &before_ : nullptr;
    request.section_time = now;
    request.resume = options_.resume && !has_grown;  // what was added is sealed in one go
    request.cpu = cpu_options(global_);
    request.sign = [&](const trial::SealHeader& header, const merkle::Tree& tree) {
      trial::SealParts parts =
          trial::sign_parts(key, {header.origin, tree.size(), tree.root()},
                            has_grown ? now : header.sealed, header.note.value_or(""));
      append_previous(parts, tree, has_grown);
      return parts;
    };
    ProgressBar progress(global_, "sealing", Unit::bytes);
    const std::uint64_t total = has_grown ? 0 : total_;  // how much is new, nobody has counted
    return seal_study(request, tell_problem,
                      {.stop = global_.stop, .progress = [&](std::uint64_t done, std::uint64_t) {
                         progress.update(done, total);
                       }});
  }

  void append_previous(trial::SealParts& parts, const merkle::Tree& tree, bool has_grown) const {
    const trial::Previous previous =
        has_grown ? trial::grown_from(before_, tree) : trial::replaced(before_);
    parts.emplace_back(trial::kPreviousFile, write_previous(previous));
    if (!has_grown) parts.emplace_back(trial::kPreviousSumsFile, before_.text());
  }

  void report(const trial::SealSummary& summary, bool has_grown) {
    const trial::SealFolder after(target_, cpu_options(global_));
    std::string out;
    for (const trial::Replacement& one : replacements(before_.seal(), after.seal()))
      out += fmt::format("{:<8} {}\n", to_string(one.kind), printable(one.path));
    if (options_.out.empty()) exchange(target_, without_slash(options_.seal));
    write_out(out);
    if (global_.quiet) return;
    print("{}{}\ntree     {} entries, root {}\nseal     {}\nbefore   {}\n",
          has_grown ? "grown    the seal proves that all that was sealed before is sealed still"
                    : "replaced what was sealed before is named in previous-SHA256SUMS",
          resumed_text(summary.resumed, summary.resumed_bytes), summary.size, to_hex(summary.root),
          printable(options_.out.empty() ? options_.seal : options_.out),
          printable(options_.out.empty() ? target_.string() : options_.seal));
  }

  const UpdateOptions& options_;
  const Global& global_;
  trial::SealFolder before_;
  fs::path target_;          ///< Where the new seal is written first.
  std::uint64_t total_ = 0;  ///< Bytes of the study, where somebody sees how far it is.
};

}  // namespace

void add_trial_update_command(CLI::App& trial, Global& global, Action& action) {
  CLI::App& command =
      *add_subcommand(trial, "update", "Seal anew a study that was added to, or corrected");
  const auto options = std::make_shared<UpdateOptions>();
  command.add_option("DIR", options->folder, "The study's folder")->required();
  command.add_option("SEAL", options->seal, "Its seal")->required();
  command
      .add_option("-o,--out", options->out,
                  "Folder of the new seal (default: it takes the place of SEAL, which is kept as "
                  "STUDY.1.seal, STUDY.2.seal, ...)")
      ->type_name("SEAL");
  add_signer_options(command, options->signer);
  command
      .add_option("--secret", options->secret,
                  "The study's secret (default: STUDY.secret beside STUDY.seal)")
      ->type_name("FILE");
  command.add_flag("--resume", options->resume, "Go on where a run that was stopped has left off");
  add_cpu_options(command, global);
  command.footer(
      "Where files were only added, the new seal has all lines of the one before, and proves it\n"
      "(RFC 9162, 2.1.4). Otherwise it says what was changed, removed and added, and keeps the\n"
      "lines of the one before. The seal before stays whole; receipts and time stamps stay with "
      "it.\n"
      "Example:\n"
      "  salus trial update study study.seal --key sponsor.pem");
  command.callback([&global, &action, options] {
    action = [&global, options] { return Update(*options, global).run(); };
  });
}

}  // namespace salus::cli
