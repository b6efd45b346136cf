// `salus trial export`: a seal's digests in the formats of other tools.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <memory>

#include "cli/arguments.h"
#include "cli/engine_options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/trial/commands.h"
#include "cli/trial/study_options.h"
#include "engine/error.h"
#include "trial/content/study_folder.h"
#include "trial/manifest/bag.h"
#include "trial/manifest/manifest.h"
#include "trial/seal/seal_folder.h"

namespace salus::cli {
namespace {

using trial::ManifestFile;

struct ExportOptions {
  std::string seal;
  std::string format = "sha256sum";
  std::string data;
  std::string out;
};

std::vector<ManifestFile> files_of(const trial::SealFolder& seal) {
  std::vector<ManifestFile> files;
  for (const trial::SealedFile& file : seal.seal().files)
    files.push_back({file.path, file.digest, std::nullopt});
  std::ranges::sort(files, {}, &ManifestFile::path);
  return files;
}

/// A seal holds no sizes: they are those of the files that are there now.
void add_sizes(std::vector<ManifestFile>& files, const std::string& folder) {
  const trial::StudyFolder study(folder);
  trial::StudyOpener opener(study);
  for (ManifestFile& file : files) {
    const trial::StudyFile opened = opener.open(file.path);
    if (opened.error != 0 || !opened.kind.empty())
      throw Error(ErrorKind::input, printable(file.path) + ": " +
                                        (opened.kind.empty() ? std::strerror(opened.error)
                                                             : std::string(opened.kind)));
    file.bytes = opened.identity.size;
  }
}

std::string required(const std::string& value, std::string_view option, std::string_view why) {
  if (value.empty()) throw Error(ErrorKind::usage, fmt::format("{} is needed: {}", option, why));
  return value;
}

void put(const std::string& out, const std::string& text) {
  if (out.empty())
    write_out(text);
  else
    write_file(out, text);
}

int run_export(const ExportOptions& options, const Global& global) {
  const trial::SealFolder seal(options.seal, cpu_options(global));
  std::vector<ManifestFile> files = files_of(seal);
  if (options.format == "bagit") {
    const std::string data = required(options.data, "--data", "a bag holds copies of the files");
    const std::string out = required(options.out, "--out", "a bag is a folder");
    const std::uint64_t total = bytes_to_read(data, seal.seal().header.excludes, global);
    ProgressBar progress(global, "copying", Unit::bytes);
    write_bag(files, data, out, seal.seal().header.origin,
              {.stop = global.stop, .progress = [&](std::uint64_t done, std::uint64_t) {
                 progress.update(done, total);
               }});
  } else if (options.format == "hashdeep") {
    add_sizes(files, required(options.data, "--data", "hashdeep's lines have the files' sizes"));
    put(options.out, hashdeep_text(files));
  } else {
    put(options.out, sha256sum_text(files));
  }
  return kOk;
}

}  // namespace

void add_trial_export_command(CLI::App& trial, Global& global, Action& action) {
  CLI::App& command = *add_subcommand(
      trial, "export",
      "Write a seal's digests for sha256sum or hashdeep, or the study as a bag (BagIt)");
  const auto options = std::make_shared<ExportOptions>();
  command.add_option("SEAL", options->seal, "The seal")->required();
  command.add_option("--format", options->format, "sha256sum, hashdeep or bagit")
      ->check(one_of({"sha256sum", "hashdeep", "bagit"}))
      ->capture_default_str();
  command.add_option("--data", options->data, "The study's folder: for hashdeep and bagit")
      ->type_name("DIR");
  command
      .add_option("-o,--out", options->out,
                  "The manifest (default: standard output), or the bag's new folder")
      ->type_name("PATH");
  command.footer(
      "A bag has verified copies of the files: one that is not as it was sealed ends it, and\n"
      "nothing is left behind. SHA256SUMS in the seal is a manifest of sha256sum already.\n"
      "Example:\n"
      "  salus trial export study.seal --format bagit --data study -o study.bag");
  command.callback([&global, &action, options] {
    action = [&global, options] { return run_export(*options, global); };
  });
}

}  // namespace salus::cli
