// Which build this is.
#pragma once

namespace salus::cli {

/// "0.1.0".
extern const char* const kVersion;
/// What `git describe` said when this was built; "unknown" outside a checkout.
extern const char* const kGitVersion;
/// Compiler and build type: "GNU 12.2.0, Release".
extern const char* const kCompiler;

}  // namespace salus::cli
