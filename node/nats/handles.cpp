#include "node/nats/handles.h"

#include <fmt/format.h>

#include "engine/error.h"

namespace salus::node::nats {

std::string error_text(natsStatus status) {
  natsStatus last = NATS_OK;
  const char* const detail = nats_GetLastError(&last);
  const char* const name = natsStatus_GetText(status);
  if (last != status || detail == nullptr || *detail == '\0') return name;
  return fmt::format("{} ({})", name, detail);
}

void check(natsStatus status, const char* doing) {
  if (status != NATS_OK)
    throw Error(ErrorKind::system, fmt::format("{}: {}", doing, error_text(status)));
}

JetStreamHandle jetstream(natsConnection* connection, std::chrono::milliseconds timeout) {
  jsOptions options;
  check(jsOptions_Init(&options), "JetStream");
  options.Wait = timeout.count();
  return take<JetStreamHandle>(
      "JetStream", [&](jsCtx** to) { return natsConnection_JetStream(to, connection, &options); });
}

}  // namespace salus::node::nats
