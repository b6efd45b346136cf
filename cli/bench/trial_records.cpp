#include "cli/bench/trial_records.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/bench/sample_study.h"
#include "cli/bench/scratch_folder.h"
#include "cli/bench/statistics.h"
#include "cli/output.h"
#include "engine/error.h"
#include "engine/stopwatch.h"
#include "trial/records/csv/csv_records.h"
#include "trial/records/opened_record.h"
#include "trial/records/record_difference.h"
#include "trial/records/record_sealing.h"
#include "trial/records/xpt/xpt_records.h"

namespace salus::cli::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::uint8_t, trial::kStudySecretBytes> kSecret = {1, 2, 3};
constexpr const char* kPath = "vs";

files::Descriptor open_file(const fs::path& path, int flags) {
  files::Descriptor file(open(path.c_str(), flags | O_CLOEXEC, 0600));
  if (!file.is_open())
    throw Error(ErrorKind::system, printable(path.string()) + ": " + std::strerror(errno));
  return file;
}

rusage use_of_process() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  return use;
}

double cpu_seconds() {
  const rusage use = use_of_process();
  return static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
         1e-6 * static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

void require(bool right, const char* what) {
  if (!right) throw Error(ErrorKind::system, std::string(what) + " gave a wrong result");
}

/// Data files in memory, where there is such a folder.
std::string data_folder(const std::string& folder) {
  constexpr const char* kInMemory = "/dev/shm";
  std::error_code ignored;
  return folder.empty() && fs::is_directory(kInMemory, ignored) ? kInMemory : folder;
}

class Measurement {
 public:
  explicit Measurement(const TrialRecordsWork& work)
      : work_(work), folder_(data_folder(work.folder)) {}

  TrialRecordsResult run() {
    say("writing records");
    write_sample_xpt(path("vs.xpt"), work_.records);
    measure_sealing("seal XPT", "vs.xpt", trial::kXpt5Form);
    fs::remove(path("vs.xpt"));
    say("writing records");
    write_sample_csv(path("vs.csv"), work_.records);
    measure_sealing("seal CSV", "vs.csv", trial::kCsvForm);
    measure_verification();
    measure_proofs();
    result_.peak_memory = 1024 * static_cast<std::uint64_t>(use_of_process().ru_maxrss);
    return std::move(result_);
  }

 private:
  [[nodiscard]] fs::path path(const char* name) const { return folder_.path() / name; }

  void say(const std::string& text) const {
    if (work_.stop.stop_requested()) throw Cancelled();
    if (work_.status) work_.status(text);
  }

  /// Times `once` for each round into a new row.
  void measure(const std::string& name, const char* file, const std::function<void()>& once) {
    TrialRecordsRow row;
    row.work = name;
    row.records = work_.records;
    row.bytes = fs::file_size(path(file));
    for (unsigned i = 0; i < work_.rounds; ++i) {
      say(name);
      const double cpu = cpu_seconds();
      const Stopwatch watch;
      once();
      row.seconds.push_back(watch.seconds());
      row.cpu_seconds.push_back(cpu_seconds() - cpu);
    }
    result_.rows.push_back(std::move(row));
  }

  void measure_sealing(const std::string& name, const char* file, std::string_view form) {
    trial::RecordSealRequest request;
    request.canonical_form = form;
    request.path = kPath;
    request.cells = true;
    request.cpu = work_.cpu;
    measure(name, file, [&] {
      const files::Descriptor index = open_file(path("index"), O_WRONLY | O_CREAT | O_TRUNC);
      sealed_ = seal_records(open_file(path(file), O_RDONLY), index.number(), kSecret, request,
                             {work_.stop, {}});
      require(sealed_.count == work_.records, "sealing");
    });
  }

  /// Changes the last value of the first record in place.
  void change_one_value() const {
    const files::Descriptor file = open_file(path("vs.csv"), O_RDWR);
    std::array<char, 4096> text;
    const ssize_t size = pread(file.number(), text.data(), text.size(), 0);
    const std::string_view begin(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    const std::size_t end = begin.find('\n', begin.find('\n') + 1);
    require(end != std::string_view::npos &&
                pwrite(file.number(), "X", 1, static_cast<off_t>(end) - 1) == 1,
            "changing a value");
  }

  void measure_verification() {
    change_one_value();
    trial::RecordCompareRequest request;
    request.path = kPath;
    request.sealed = sealed_;
    request.cpu = work_.cpu;
    measure("verify CSV", "vs.csv", [&] {
      const trial::RecordIndex index(open_file(path("index"), O_RDONLY), "index");
      const trial::RecordDifference difference = compare_records(
          open_file(path("vs.csv"), O_RDONLY), index, kSecret, request, {work_.stop, {}});
      require(difference.changed == 1 && difference.places.size() == 1 &&
                  difference.places[0].variable == "VSDTC" &&
                  difference.added + difference.removed + difference.moved == 0,
              "verification");
    });
    const auto& rows = result_.rows;
    result_.verify_ratio =
        rows.back().median_cpu_seconds() / rows[rows.size() - 2].median_cpu_seconds();
  }

  void measure_proofs() {
    constexpr std::uint64_t kProofs = 100;
    say("prove");
    const trial::RecordIndex index(open_file(path("index"), O_RDONLY), "index");
    for (std::uint64_t i = 1; i <= kProofs; ++i) {
      const std::uint64_t record = (work_.records - 1) * i / kProofs;
      if (record == 0) continue;  // which was changed
      const Stopwatch watch;
      const trial::OpenedRecord opened =
          open_record(open_file(path("vs.csv"), O_RDONLY), index, kSecret, kPath, sealed_, record);
      result_.prove_seconds.push_back(watch.seconds());
      require(opened.record == record, "opening a record");
    }
  }

  const TrialRecordsWork& work_;
  ScratchFolder folder_;
  TrialRecordsResult result_;
  trial::RecordCommitment sealed_;
};

}  // namespace

double TrialRecordsRow::median_seconds() const { return median(seconds); }
double TrialRecordsRow::median_cpu_seconds() const { return median(cpu_seconds); }

TrialRecordsResult measure_trial_records(const TrialRecordsWork& work) {
  return Measurement(work).run();
}

}  // namespace salus::cli::bench
