// Messages for the operator, on standard error: "salus: warning: ...".
#pragma once

namespace salus::cli {

/// Makes spdlog's default logger write them; until `set_log_level` warnings and errors only.
void start_log();

/// --quiet leaves errors only, --verbose adds what was decided and why.
void set_log_level(bool quiet, bool verbose);

}  // namespace salus::cli
