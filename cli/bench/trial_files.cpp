#include "cli/bench/trial_files.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>

#include "cli/bench/other_program.h"
#include "cli/bench/scratch_folder.h"
#include "cli/bench/statistics.h"
#include "engine/cpu/cpu_info.h"
#include "engine/error.h"
#include "trial/seal/sealing.h"
#include "trial/verify/verification.h"

namespace salus::cli::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kSmallBytes = 4096;
constexpr std::uint64_t kFilesInFolder = 1000;

void check_stop(const TrialFilesWork& work) {
  if (work.stop.stop_requested()) throw Cancelled();
}

void say(const TrialFilesWork& work, const std::string& what) {
  check_stop(work);
  if (work.status) work.status(what);
}

/// Files of numbers that are random enough to be different everywhere.
class FileMaker {
 public:
  void write(const fs::path& path, std::uint64_t bytes) {
    std::ofstream out(path, std::ios::binary);
    std::vector<std::uint64_t> piece(std::min<std::uint64_t>(bytes, std::uint64_t{1} << 20) / 8);
    for (std::uint64_t done = 0; done < bytes; done += 8 * piece.size()) {
      for (std::uint64_t& word : piece) word = random_();
      out.write(reinterpret_cast<const char*>(piece.data()),
                static_cast<std::streamsize>(8 * piece.size()));
    }
    out.close();
    if (!out) throw Error(ErrorKind::system, path.string() + ": cannot be written");
  }

 private:
  std::mt19937_64 random_{1};
};

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// One folder with its seal, and what each program took for it.
class FileSet {
 public:
  FileSet(const TrialFilesWork& work, std::string name, fs::path folder, std::uint64_t files,
          std::uint64_t bytes)
      : work_(work),
        name_(std::move(name)),
        folder_(std::move(folder)),
        files_(files),
        bytes_(bytes) {
    say(work_, "sealing " + name_);
    trial::SealRequest request;
    request.folder = folder_;
    request.seal = seal();
    request.header = {.origin = "salus-trial/bench",
                      .sealed = "2026-01-01T00:00:00Z",
                      .tool = "salus bench",
                      .note = {},
                      .excludes = {},
                      .cells = false};
    request.sign = [](const trial::SealHeader&, const merkle::Tree&) { return trial::SealParts(); };
    request.cpu = work_.cpu;
    trial::seal_study(request, [](const trial::SealProblem&) {},
                      {.stop = work_.stop, .progress = {}});
    split_sums();
    rows_.push_back(row("salus"));
    if (has_program("rhash")) rows_.push_back(row(std::to_string(cores_) + " x rhash"));
    if (has_program("sha256sum")) rows_.push_back(row("sha256sum"));
  }

  void measure(bool first_round) {
    for (TrialFilesRow& row : rows_) {
      // One round is enough for the slow one.
      if (row.program == "sha256sum" && !first_round) continue;
      say(work_, row.program + ", " + name_);
      if (row.program == "salus")
        measure_salus(row);
      else
        measure_other(row);
    }
  }

  [[nodiscard]] const std::vector<TrialFilesRow>& rows() const { return rows_; }

 private:
  [[nodiscard]] fs::path seal() const { return folder_.string() + ".seal"; }
  [[nodiscard]] std::string part(unsigned i) const {
    return folder_.string() + ".part" + std::to_string(i);
  }
  [[nodiscard]] TrialFilesRow row(std::string program) const {
    return {name_, std::move(program), files_, bytes_, {}, {}};
  }

  /// As many manifests as there are cores, with about the same number of lines.
  void split_sums() const {
    std::ifstream in(seal() / "SHA256SUMS");
    std::vector<std::ofstream> parts;
    for (unsigned i = 0; i < cores_; ++i) parts.emplace_back(part(i));
    std::string line;
    for (std::uint64_t count = 0; std::getline(in, line);)
      if (!line.starts_with('#')) parts[count++ * cores_ / files_] << line << '\n';
  }

  void measure_salus(TrialFilesRow& row) const {
    const double cpu = cpu_seconds();
    const Clock::time_point begin = Clock::now();
    const trial::SealFolder sealed(seal(), work_.cpu);
    trial::VerifyRequest request;
    request.folder = folder_;
    request.seal = &sealed;
    request.cpu = work_.cpu;
    const trial::VerifySummary summary = trial::verify_study(request, [](const trial::Finding&) {},
                                                             {.stop = work_.stop, .progress = {}});
    row.seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
    row.cpu_seconds.push_back(cpu_seconds() - cpu);
    if (!summary.all_unchanged() || summary.bytes != bytes_)
      throw Error(ErrorKind::system, name_ + ": is not as it was sealed");
  }

  void measure_other(TrialFilesRow& row) const {
    std::vector<std::vector<std::string>> commands;
    if (row.program == "sha256sum")
      commands.push_back({"sha256sum", "-c", "--strict", seal() / "SHA256SUMS"});
    else
      for (unsigned i = 0; i < cores_; ++i)
        commands.push_back({"rhash", "--sha256", "-c", part(i)});
    const ProgramTimes times = time_programs(commands, folder_);
    if (!times.succeeded)
      throw Error(ErrorKind::system, row.program + " does not accept " + seal().string());
    row.seconds.push_back(times.seconds);
    row.cpu_seconds.push_back(times.cpu_seconds);
  }

  const TrialFilesWork& work_;
  const std::string name_;
  const fs::path folder_;
  const std::uint64_t files_;
  const std::uint64_t bytes_;
  const unsigned cores_ = engine::cpu::usable_cores();
  std::vector<TrialFilesRow> rows_;
};

FileSet small_set(const TrialFilesWork& work, const fs::path& folder) {
  const std::string name = std::to_string(work.small_files) + " x 4 KiB";
  say(work, "making " + name);
  FileMaker maker;
  for (std::uint64_t i = 0; i < work.small_files; ++i) {
    const fs::path inner = folder / std::to_string(i / kFilesInFolder);
    if (i % kFilesInFolder == 0) {
      check_stop(work);
      fs::create_directories(inner);
    }
    maker.write(inner / std::to_string(i), kSmallBytes);
  }
  return {work, name, folder, work.small_files, work.small_files * kSmallBytes};
}

FileSet large_set(const TrialFilesWork& work, const fs::path& folder) {
  const std::string name =
      std::to_string(work.large_files) + " x " + std::to_string(work.large_mib) + " MiB";
  say(work, "making " + name);
  FileMaker maker;
  fs::create_directories(folder);
  const std::uint64_t bytes = work.large_mib << 20;
  for (std::uint64_t i = 0; i < work.large_files; ++i) {
    check_stop(work);
    maker.write(folder / std::to_string(i), bytes);
  }
  return {work, name, folder, work.large_files, work.large_files * bytes};
}

}  // namespace

double TrialFilesRow::median_seconds() const { return median(seconds); }
double TrialFilesRow::median_cpu_seconds() const { return median(cpu_seconds); }

std::vector<TrialFilesRow> measure_trial_files(const TrialFilesWork& work) {
  const bool has_memory_folder = fs::is_directory("/dev/shm");
  const ScratchFolder scratch(work.folder.empty() && has_memory_folder ? "/dev/shm" : work.folder);
  std::vector<FileSet> sets;
  sets.reserve(2);
  if (work.small_files != 0) sets.push_back(small_set(work, scratch.path() / "small"));
  if (work.large_files != 0) sets.push_back(large_set(work, scratch.path() / "large"));
  for (unsigned round = 0; round < work.rounds; ++round)
    for (FileSet& set : sets) set.measure(round == 0);
  std::vector<TrialFilesRow> rows;
  for (const FileSet& set : sets) rows.insert(rows.end(), set.rows().begin(), set.rows().end());
  return rows;
}

}  // namespace salus::cli::bench
