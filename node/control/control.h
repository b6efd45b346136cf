// What may be asked of a running node by programs on its machine: a backup.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <thread>

#include "engine/files/descriptor.h"
#include "node/control/protocol.h"

namespace salus::node {

/// Answers at the folder's socket from construction to destruction, one request after the other, on
/// a thread of its own.
class ControlServer {
 public:
  /// Carries out a request; what it throws becomes the answer.
  using BackUp = std::function<BackupReport(const BackupRequest&)>;

  /// Throws `Error` (system) where the socket cannot be made.
  ControlServer(const std::filesystem::path& folder, BackUp back_up);
  /// Waits for a request that is being carried out.
  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

 private:
  void serve(const std::stop_token& stop);
  void answer(const files::Descriptor& connection, const std::stop_token& stop);
  [[nodiscard]] ControlAnswer carry_out(std::string_view request) const;

  std::filesystem::path folder_;
  BackUp back_up_;
  files::Descriptor listening_;
  std::jthread thread_;  ///< Last, so that it ends before what it uses goes.
};

/// Asks the node that runs in a folder, and waits for as long as it takes. Nothing where none runs
/// there. Throws what it says went wrong, `Error` (system) where it ends before it has answered,
/// and `Cancelled`; then the node goes on with it.
std::optional<BackupReport> ask_backup(const std::filesystem::path& folder,
                                       const BackupRequest& request,
                                       const std::stop_token& stop = {});

}  // namespace salus::node
