#include "cli/trial/study_options.h"

#include <fmt/format.h>

#include <chrono>
#include <system_error>

#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/status_line.h"
#include "cli/units.h"
#include "cli/version.h"
#include "engine/error.h"
#include "trial/content/study_walk.h"
#include "trial/proof/utc_time.h"

namespace salus::cli {
namespace {

namespace fs = std::filesystem;

}  // namespace

void add_cpu_options(CLI::App& command, Global& global) {
  command.add_option("--cpu-variant", global.cpu_variant,
                     "Instruction set for the CPU: avx512, avx2, sse2, sha-ni or scalar "
                     "(default: measured)");
  command.add_option("-j,--threads", global.threads, "CPU threads (default: every core allowed)")
      ->check(CLI::Range(1, 4096));
}

void add_places_option(CLI::App& command, std::size_t& places) {
  command.add_option("--places", places, "Chunks, records and variables listed for one file")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{0}, std::size_t{1'000'000}))
      ->capture_default_str();
}

fs::path default_seal(const fs::path& study) {
  // "." and "study/.." have a name only when they are resolved.
  fs::path folder = fs::weakly_canonical(fs::absolute(study));
  if (!folder.has_filename()) folder = folder.parent_path();
  const fs::path name = folder.filename().empty() ? "study" : folder.filename();
  fs::path beside = study;
  while (!beside.empty() && !beside.has_filename()) beside = beside.parent_path();
  const bool is_plain = beside.filename() == name;
  return (is_plain ? beside.parent_path() : folder.parent_path()) / (name.string() + ".seal");
}

fs::path default_secret(const fs::path& seal) {
  fs::path out = seal.has_filename() ? seal : seal.parent_path();
  if (out.extension() == ".seal") return out.replace_extension(".secret");
  return out += ".secret";
}

std::optional<trial::StudySecret> find_secret(const std::string& named, const fs::path& seal) {
  if (!named.empty()) return trial::StudySecret::load(named);
  const fs::path usual = default_secret(seal);
  std::error_code ignored;
  if (!fs::exists(usual, ignored)) return std::nullopt;
  return trial::StudySecret::load(usual);
}

std::optional<trial::StudySecret> find_secret_to_name(const std::string& named,
                                                      const fs::path& seal) {
  try {
    return find_secret(named, seal);
  } catch (const Error& error) {
    if (!named.empty()) throw;
    write_error_line(fmt::format("salus trial: WARNING: {}; records that changed are not named",
                                 printable(error.what())));
    return std::nullopt;
  }
}

std::string utc_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return trial::utc_text(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

std::string tool_name() { return std::string("salus ") + kVersion; }

std::string resumed_text(std::uint64_t files, std::uint64_t bytes) {
  if (files == 0 && bytes == 0) return {};
  return fmt::format("; {} files and {} by the run before", files,
                     format_amount(static_cast<double>(bytes), Unit::bytes));
}

std::uint64_t bytes_to_read(const fs::path& study, const std::vector<std::string>& excludes,
                            const Global& global) {
  if (global.quiet || !stderr_is_terminal()) return 0;
  return trial::bytes_below(trial::StudyFolder(study), trial::Exclusion(excludes), global.stop);
}

}  // namespace salus::cli
