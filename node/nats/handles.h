// What cnats gives out, given back by destructors, and its errors as ours. Internal: includes
// cnats.
#pragma once

#include <nats/nats.h>

#include <chrono>
#include <memory>
#include <string>

namespace salus::node::nats {

template <auto kFree>
struct GiveBack {
  template <typename Handle>
  void operator()(Handle* handle) const {
    kFree(handle);
  }
};

using OptionsHandle = std::unique_ptr<natsOptions, GiveBack<natsOptions_Destroy>>;
using ConnectionHandle = std::unique_ptr<natsConnection, GiveBack<natsConnection_Destroy>>;
using SubscriptionHandle = std::unique_ptr<natsSubscription, GiveBack<natsSubscription_Destroy>>;
using MessageHandle = std::unique_ptr<natsMsg, GiveBack<natsMsg_Destroy>>;
using JetStreamHandle = std::unique_ptr<jsCtx, GiveBack<jsCtx_Destroy>>;
using StreamInfoHandle = std::unique_ptr<jsStreamInfo, GiveBack<jsStreamInfo_Destroy>>;
using ConsumerInfoHandle = std::unique_ptr<jsConsumerInfo, GiveBack<jsConsumerInfo_Destroy>>;

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
