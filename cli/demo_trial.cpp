#include "cli/demo_trial.h"

#include <algorithm>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/bench/scratch_folder.h"
#include "cli/demo_data.h"
#include "cli/engine_options.h"
#include "cli/output.h"
#include "cli/trial/finding_text.h"
#include "cli/trial/study_options.h"
#include "cli/units.h"
#include "engine/error.h"
#include "engine/stopwatch.h"
#include "trial/proof/proof_check.h"
#include "trial/proof/prove.h"
#include "trial/proof/signed_seal.h"
#include "trial/proof/utc_time.h"
#include "trial/seal/sealing.h"
#include "trial/verify/verification.h"

namespace salus::cli {
namespace {

namespace fs = std::filesystem;
using trial::Finding;
using trial::Outcome;

constexpr std::string_view kTable = "ae.xpt";
constexpr std::string_view kVariable = "AESEV";
constexpr std::string_view kSealedValue = "MODERATE";
constexpr std::string_view kOtherValue = "SEVERE  ";

class TrialDemo {
 public:
  TrialDemo(const Global& global, const fs::path& data)
      : global_(global),
        scratch_({}),
        study_(scratch_.path() / "study"),
        seal_(scratch_.path() / "study.seal"),
        key_(node::SigningKey::generate(engine::signature::Algorithm::ed25519)),
        secret_(trial::StudySecret::generate()) {
    fs::copy(data, study_);
  }

  unsigned run() {
    seal();
    const trial::SealFolder sealed(seal_, cpu_options(global_));
    const std::vector<Finding> before = verify(sealed);
    expect(before.empty());
    prove(sealed);
    change_one_cell();
    const std::vector<Finding> after = verify(sealed);
    expect(after.size() == 1 && names_the_cell(after.front()));
    return failures_;
  }

 private:
  void expect(bool holds) { failures_ += holds ? 0 : 1; }

  void seal() {
    trial::SealRequest request;
    request.folder = study_;
    request.seal = seal_;
    request.header.origin = "salus-trial/cdiscpilot01";
    request.header.sealed = utc_now();
    request.header.tool = tool_name();
    request.header.cells = true;
    request.records = true;
    request.secret = &secret_;
    request.cpu = cpu_options(global_);
    request.sign = [this](const trial::SealHeader& header, const merkle::Tree& tree) {
      return trial::to_parts(trial::sign_seal(key_, {header.origin, tree.size(), tree.root()},
                                              {trial::utc_seconds(header.sealed).value(), 1, {}}));
    };
    const Stopwatch watch;
    const trial::SealSummary summary =
        seal_study(request,
                   [&](const trial::SealProblem& problem) {
                     print("{}: {}\n", printable(problem.path), printable(problem.reason));
                     expect(false);
                   },
                   {.stop = global_.stop, .progress = {}});
    print("{} files sealed in {}: {} records of {} tables, each with a salt of its own; root {}\n",
          summary.files, format_duration(watch.seconds()), summary.records, summary.record_files,
          to_hex(summary.root));
  }

  /// Prints and returns what is not as it was sealed.
  std::vector<Finding> verify(const trial::SealFolder& sealed) {
    std::vector<Finding> findings;
    const Stopwatch watch;
    const trial::VerifySummary summary =
        trial::verify_study({.folder = study_,
                             .seal = &sealed,
                             .secret = &secret_,
                             .progress_file = {},
                             .cpu = cpu_options(global_)},
                            [&](const Finding& finding) {
                              if (finding.outcome != Outcome::unchanged)
                                findings.push_back(finding);
                            },
                            {.stop = global_.stop, .progress = {}});
    print("verified in {}: {} of {} files are as they were sealed\n",
          format_duration(watch.seconds()), summary.of(Outcome::unchanged),
          sealed.seal().files.size());
    std::string lines;
    for (const Finding& finding : findings) append_finding(lines, finding);
    write_out(lines);
    return findings;
  }

  void prove(const trial::SealFolder& sealed) {
    const trial::MadeProof made =
        prove_record(sealed, trial::StudyFolder(study_), secret_, std::string(kTable),
                     {.record = 0, .show = std::vector<std::string>{std::string(kVariable)}});
    const std::string text = write_tlog_proof(made.proof, signatures_in(sealed).checkpoint);
    const bool holds = check(text);
    std::string changed = text;
    changed[changed.size() / 2] ^= 1;
    const bool changed_holds = check(changed);
    print(
        "record 0 of {} ({}) proved with {} alone, in {} bytes: the proof {}; with one bit changed "
        "it {}\n",
        kTable, printable(made.key), kVariable, text.size(), holds ? "holds" : "FAILS",
        changed_holds ? "STILL HOLDS" : "fails, as it must");
    expect(holds && !changed_holds);
  }

  [[nodiscard]] bool check(std::string_view text) const {
    try {
      return std::holds_alternative<trial::CheckedProof>(
          check_proof(trial::read_proof(as_bytes(text)), key_.public_key()));
    } catch (const Error&) {
      return false;  // not even a proof any more
    }
  }

  void change_one_cell() {
    const fs::path file = study_ / kTable;
    std::vector<std::uint8_t> content = read_file(file);
    const auto at =
        std::search(content.begin(), content.end(), kSealedValue.begin(), kSealedValue.end());
    if (at == content.end()) throw Error(ErrorKind::system, "the demo's data is not what it was");
    std::copy(kOtherValue.begin(), kOtherValue.end(), at);
    write_file(file.string(), {reinterpret_cast<const char*>(content.data()), content.size()});
    print("one adverse event is made out to be {} instead of {}\n", "SEVERE", kSealedValue);
  }

  static bool names_the_cell(const Finding& finding) {
    return finding.outcome == Outcome::changed && finding.path == kTable &&
           std::ranges::any_of(finding.places, [](const trial::Place& place) {
             return place.kind == trial::Place::Kind::variable && place.variable == kVariable;
           });
  }

  const Global& global_;
  const bench::ScratchFolder scratch_;
  const fs::path study_;
  const fs::path seal_;
  const node::SigningKey key_;
  const trial::StudySecret secret_;
  unsigned failures_ = 0;
};

}  // namespace

unsigned demonstrate_trial(const Global& global, const fs::path& data) {
  return TrialDemo(global, data).run();
}

}  // namespace salus::cli
