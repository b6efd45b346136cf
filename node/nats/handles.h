// What cnats gives out, given back by destructors, and its errors as ours. Internal: includes
// cnats.
#pragma once

#include <nats/nats.h>

#include <chrono>
#include <memory>
#include <string>

#include "engine/release.h"

namespace salus::node::nats {

using engine::Release;

using OptionsHandle = std::unique_ptr<natsOptions, Release<natsOptions_Destroy>>;
using ConnectionHandle = std::unique_ptr<natsConnection, Release<natsConnection_Destroy>>;
using SubscriptionHandle = std::unique_ptr<natsSubscription, Release<natsSubscription_Destroy>>;
using MessageHandle = std::unique_ptr<natsMsg, Release<natsMsg_Destroy>>;
using JetStreamHandle = std::unique_ptr<jsCtx, Release<jsCtx_Destroy>>;
using StreamInfoHandle = std::unique_ptr<jsStreamInfo, Release<jsStreamInfo_Destroy>>;
using ConsumerInfoHandle = std::unique_ptr<jsConsumerInfo, Release<jsConsumerInfo_Destroy>>;

/// What cnats says of its last error in this thread.
std::string error_text(natsStatus status);

/// Throws `Error` (system) with what was being done, unless all is well.
void check(natsStatus status, const char* doing);

/// What a C function returns through its first parameter, owned.
template <typename Handle, typename Call>
Handle take(const char* doing, Call call) {
  typename Handle::pointer raw = nullptr;
  const natsStatus status = call(&raw);
  Handle handle(raw);
  check(status, doing);
  return handle;
}

/// To ask about streams and consumers; an answer is waited for so long.
JetStreamHandle jetstream(natsConnection* connection, std::chrono::milliseconds timeout);

}  // namespace salus::node::nats
