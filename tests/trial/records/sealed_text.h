// A file with its record index, sealed with a made-up secret.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "tests/support/random_data.h"
#include "tests/support/temporary_folder.h"
#include "trial/records/csv/csv_records.h"
#include "trial/records/record_difference.h"
#include "trial/records/record_sealing.h"

namespace salus::test {

inline files::Descriptor open_to_read(const std::string& path) {
  return files::Descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

class SealedFile {
 public:
  /// Seals `content`.
  explicit SealedFile(std::string_view content, bool cells = true,
                      std::string_view form = trial::kCsvForm, unsigned threads = 2)
      : secret_(random_bytes(trial::kStudySecretBytes, 11)) {
    data_ = folder_.write("data", content);
    trial::RecordSealRequest request;
    request.canonical_form = form;
    request.path = kPath;
    request.cells = cells;
    request.cpu.threads = threads;
    const files::Descriptor index(
        open(index_path().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    sealed_ = seal_records(open_to_read(data_), index.number(), secret(), request);
  }

  static constexpr const char* kPath = "sdtm/vs.csv";

  [[nodiscard]] std::string index_path() const { return folder_.path("index"); }
  [[nodiscard]] std::string write(std::string_view content) const {
    return folder_.write("other", content);
  }
  [[nodiscard]] const std::string& data_path() const { return data_; }
  [[nodiscard]] trial::StudySecretBytes secret() const { return trial::StudySecretBytes(secret_); }
  [[nodiscard]] const trial::RecordCommitment& sealed() const { return sealed_; }
  [[nodiscard]] trial::RecordIndex index() const {
    return {open_to_read(index_path()), "records/1"};
  }

  /// What other content differs in.
  [[nodiscard]] trial::RecordDifference compare(std::string_view content, unsigned threads = 2,
                                                std::size_t max_places = 1000) const {
    trial::RecordCompareRequest request;
    request.path = kPath;
    request.sealed = sealed_;
    request.max_places = max_places;
    request.cpu.threads = threads;
    return compare_records(open_to_read(write(content)), index(), secret(), request);
  }

 private:
  TemporaryFolder folder_;
  std::vector<std::uint8_t> secret_;
  std::string data_;
  trial::RecordCommitment sealed_;
};

/// Lines of vital signs, their header first. Subjects have ten records each.
inline std::vector<std::string> vital_signs(std::size_t records) {
  std::vector<std::string> lines = {"USUBJID,VSSEQ,VSTESTCD,VSORRES"};
  for (std::size_t i = 0; i < records; ++i)
    lines.push_back("01-701-" + std::to_string(1000 + i / 10) + ',' + std::to_string(1 + i % 10) +
                    (i % 2 == 0 ? ",SYSBP," : ",DIABP,") + std::to_string(60 + i * 7 % 80));
  return lines;
}

inline std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + '\n';
  return out;
}

}  // namespace salus::test
