#include "cli/arguments.h"
#include "cli/command.h"

namespace salus::cli {

CLI::Option* add_file_arguments(CLI::App& command, std::vector<std::string>& files,
                                const std::string& description) {
  // CLI11 2.1 takes an argument in brackets for a list, unless extra arguments are forbidden; then
  // it takes as many as are expected at least, and TakeAll is content with fewer.
  constexpr int any_number = CLI::detail::expected_max_vector_size;
  return command.add_option("FILES", files, description)
      ->expected(any_number, any_number)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

}  // namespace salus::cli
