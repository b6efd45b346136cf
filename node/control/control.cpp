#include "node/control/control.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "engine/log.h"
#include "node/control/socket.h"

namespace salus::node {
namespace {

constexpr int kLookForStopMs = 100;
constexpr int kRequestSeconds = 5;

}  // namespace

ControlServer::ControlServer(const std::filesystem::path& folder, BackUp back_up)
    : folder_(folder),
      back_up_(std::move(back_up)),
      listening_(listen_in(folder, kControlSocket)),
      thread_([this](const std::stop_token& stop) { serve(stop); }) {}

ControlServer::~ControlServer() {
  thread_.request_stop();
  thread_.join();
  std::error_code gone;
  std::filesystem::remove(folder_ / kControlSocket, gone);
}

void ControlServer::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd waiting{listening_.number(), POLLIN, 0};
    if (::poll(&waiting, 1, kLookForStopMs) <= 0) continue;
    const files::Descriptor connection(
        ::accept4(listening_.number(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection.is_open()) continue;
    try {
      if (is_own_peer(connection)) answer(connection, stop);
    } catch (const std::exception& error) {
      logging::warn("control socket: {}", error.what());
    }
  }
}

void ControlServer::answer(const files::Descriptor& connection, const std::stop_token& stop) {
  const auto request = receive_all(connection, kMaxControlBytes, kRequestSeconds, stop);
  if (request) send_all(connection, to_text(carry_out(*request)));
}

ControlAnswer ControlServer::carry_out(std::string_view request) const {
  try {
    return back_up_(parse_request(request));
  } catch (const Error& error) {
    return ControlFailure{error.kind(), error.what()};
  } catch (const std::exception& error) {
    return ControlFailure{ErrorKind::system, error.what()};
  }
}

std::optional<BackupReport> ask_backup(const std::filesystem::path& folder,
                                       const BackupRequest& request, const std::stop_token& stop) {
  const auto connection = connect_in(folder, kControlSocket);
  if (!connection) return std::nullopt;
  const std::string text = to_text(request);
  if (text.size() > kMaxControlBytes)
    throw Error(ErrorKind::usage, "the path of the backup is too long");
  if (send_all(*connection, text)) {
    const auto answer = receive_all(*connection, kMaxControlBytes, 0, stop);
    if (answer && !answer->empty()) {
      const ControlAnswer parsed = parse_answer(*answer);
      if (const auto* report = std::get_if<BackupReport>(&parsed)) return *report;
      const auto& failure = std::get<ControlFailure>(parsed);
      throw Error(failure.kind, failure.text);
    }
  }
  throw Error(ErrorKind::system,
              "the node in " + folder.string() + " ended, or refused, before it had answered");
}

}  // namespace salus::node
