#include "cli/trial/verify_manifest.h"

#include "cli/engine_options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/trial/finding_text.h"
#include "cli/trial/study_options.h"
#include "trial/manifest/manifest_check.h"

namespace salus::cli {

int verify_against_manifest(const std::string& folder, const std::string& manifest,
                            const Global& global) {
  const trial::Manifest listed = trial::read_manifest(manifest, folder);
  ProgressBar progress(global, "verifying", Unit::bytes);
  const std::uint64_t total = bytes_to_read(folder, {}, global);
  std::string lines;
  const trial::VerifySummary summary = verify_manifest(
      folder, listed, manifest,
      [&](const trial::Finding& finding) {
        if (!global.quiet || finding.outcome != trial::Outcome::unchanged)
          append_finding(lines, finding);
      },
      cpu_options(global),
      {.stop = global.stop,
       .progress = [&](std::uint64_t done, std::uint64_t) { progress.update(done, total); }});
  write_out(lines);
  if (!global.quiet) {
    print("manifest {}: digests of files, and nobody's signature\n", to_string(listed.kind));
    write_out(summary_text(summary));
  }
  return summary.all_unchanged() ? kOk : kRefused;
}

}  // namespace salus::cli
