// Sealing in tests: a folder, its seal beside it, and nothing signed.
#pragma once

#include <string>
#include <vector>

#include "engine/error.h"
#include "tests/support/temporary_folder.h"
#include "trial/seal/sealing.h"

namespace salus::test {

/// A folder "study" to be filled, and "study.seal" beside it.
struct Study {
  TemporaryFolder folder;
  std::vector<trial::SealProblem> problems;  ///< Of the last `seal`.

  Study() { std::filesystem::create_directory(data()); }

  [[nodiscard]] std::string data() const { return folder.path("study"); }
  [[nodiscard]] std::string data(std::string_view name) const {
    return data() + "/" + std::string(name);
  }
  [[nodiscard]] std::string seal_path() const { return folder.path("study.seal"); }
  std::string write(std::string_view name, std::string_view content) const {
    return folder.write("study/" + std::string(name), content);
  }

  /// Everything that has no other meaning: the time is always the same.
  [[nodiscard]] trial::SealRequest request() const {
    trial::SealRequest out;
    out.folder = data();
    out.seal = seal_path();
    out.header = {.origin = "salus-trial/test",
                  .sealed = "2026-11-21T22:00:00Z",
                  .tool = "test 1",
                  .note = {},
                  .excludes = {},
                  .cells = false};
    out.sign = [](const trial::SealHeader&, const merkle::Tree& tree) {
      return trial::SealParts{{"checkpoint", to_hex(tree.root())}};
    };
    return out;
  }
  trial::SealSummary seal(const trial::SealRequest& request,
                          const engine::JobControl& control = {}) {
    problems.clear();
    return seal_study(
        request, [this](const trial::SealProblem& problem) { problems.push_back(problem); },
        control);
  }
  trial::SealSummary seal() { return seal(request()); }
  /// Seals up to something that cannot be sealed, whose path is `where`, and is stopped there.
  void seal_until(const trial::SealRequest& request, std::string_view where) {
    std::stop_source stop;
    try {
      seal_study(request,
                 [&](const trial::SealProblem& problem) {
                   if (problem.path == where) stop.request_stop();
                 },
                 {.stop = stop.get_token(), .progress = {}});
    } catch (const Cancelled&) {
    }
  }
};

}  // namespace salus::test
