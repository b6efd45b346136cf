// What `salus` says to a running node beside it, through a socket in the node's folder.
//
//   FOLDER/control      a Unix socket, for the user that runs the node, and root
//
// A connection is one request and one answer, each ended by closing that direction:
//
//   "backup\n" ("keys" / "no-keys") "\n" path      the path is absolute, and taken as it is
//   "ok\n" height "\n" bytes "\n"
//   "error\n" ("usage" / "input" / "device" / "system") "\n" text
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>

#include "engine/error.h"
#include "node/node_backup.h"

namespace salus::node {

inline constexpr const char* kControlSocket = "control";
inline constexpr std::size_t kMaxControlBytes = 8192;

struct BackupRequest {
  bool with_keys = false;
  std::filesystem::path out;

  friend bool operator==(const BackupRequest&, const BackupRequest&) = default;
};

/// What went wrong there.
struct ControlFailure {
  ErrorKind kind = ErrorKind::system;
  std::string text;

  friend bool operator==(const ControlFailure&, const ControlFailure&) = default;
};

using ControlAnswer = std::variant<BackupReport, ControlFailure>;

std::string to_text(const BackupRequest& request);
std::string to_text(const ControlAnswer& answer);

/// Throw `Error` (input) for anything else than `to_text` writes.
BackupRequest parse_request(std::string_view text);
ControlAnswer parse_answer(std::string_view text);

}  // namespace salus::node
