// What commands on sealed studies share.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "trial/seal/seal_folder.h"
#include "trial/seal/study_secret.h"

namespace salus::cli {

/// Adds --threads and --cpu-variant. Files come through the CPU's memory anyway, so that there is
/// no choice of device.
void add_cpu_options(CLI::App& command, Global& global);

/// Adds --places, how much of what changed in one file is listed.
void add_places_option(CLI::App& command, std::size_t& places);

/// "STUDY.seal" for the folder "STUDY" or "STUDY/".
std::filesystem::path default_seal(const std::filesystem::path& study);
/// "STUDY.secret" beside "STUDY.seal".
std::filesystem::path default_secret(const std::filesystem::path& seal);

/// The secret in the file named, or in the default place for this seal if there is one there.
std::optional<trial::StudySecret> find_secret(const std::string& named,
                                              const std::filesystem::path& seal);

/// The same, for who can do without: of one in the default place that cannot be read, a warning
/// says that changed records are not named then.
std::optional<trial::StudySecret> find_secret_to_name(const std::string& named,
                                                      const std::filesystem::path& seal);

/// The moment, as a seal has it.
std::string utc_now();
/// "salus 0.1.0".
std::string tool_name();

/// "; 12 files and 3.4 MB by the run before" where one was gone on with, else nothing.
std::string resumed_text(std::uint64_t files, std::uint64_t bytes);

/// Bytes of all files below a folder, for a progress bar; 0 where nobody would see one.
std::uint64_t bytes_to_read(const std::filesystem::path& study,
                            const std::vector<std::string>& excludes, const Global& global);

}  // namespace salus::cli
