#include "tests/node/nats/jetstream.h"

#include <stdexcept>
#include <thread>

namespace salus::test {
namespace {

using namespace node::nats;  // NOLINT: its handles
using std::chrono::milliseconds;

constexpr int kTries = 100;

void demand(natsStatus status, const char* what) {
  if (status != NATS_OK) throw std::runtime_error(what + (": " + error_text(status)));
}

OptionsHandle options_for(const std::string& url, const JetStreamLogin& login) {
  auto options = take<OptionsHandle>("options", natsOptions_Create);
  natsOptions* const to = options.get();
  demand(natsOptions_SetURL(to, url.c_str()), "url");
  demand(natsOptions_SetAllowReconnect(to, false), "cnats");  // Who waits for that decides itself.
  if (!login.user.empty())
    demand(natsOptions_SetUserInfo(to, login.user.c_str(), login.password.c_str()), "user");
  if (!login.authority.empty()) {
    demand(natsOptions_SetSecure(to, true), "TLS");
    demand(natsOptions_LoadCATrustedCertificates(to, login.authority.c_str()), "authority");
  }
  if (!login.server_name.empty())
    demand(natsOptions_SetExpectedHostname(to, login.server_name.c_str()), "name");
  demand(natsOptions_SetErrorHandler(
             to, [](natsConnection*, natsSubscription*, natsStatus, void*) {}, nullptr),
         "handler");
  return options;
}

ConnectionHandle connect_with(natsOptions* options) {
  natsStatus status = NATS_OK;
  for (int i = 0; i < kTries; ++i) {
    natsConnection* raw = nullptr;
    status = natsConnection_Connect(&raw, options);
    if (status == NATS_OK) return ConnectionHandle(raw);
    if (status == NATS_CONNECTION_AUTH_FAILED) break;
    std::this_thread::sleep_for(milliseconds(100));
  }
  throw std::runtime_error("no connection: " + error_text(status));
}

}  // namespace

JetStream::JetStream(const std::string& url, const JetStreamLogin& login)
    : connection_(connect_with(options_for(url, login).get())),
      context_(take<JetStreamHandle>("JetStream", [this](jsCtx** to) {
        return natsConnection_JetStream(to, connection_.get(), nullptr);
      })) {}

void JetStream::add_stream(const std::string& name, const std::vector<const char*>& subjects) {
  jsStreamConfig config;
  jsStreamConfig_Init(&config);
  config.Name = name.c_str();
  std::vector<const char*> list = subjects;
  config.Subjects = list.data();
  config.SubjectsLen = static_cast<int>(list.size());
  demand(js_AddStream(nullptr, context(), &config, nullptr, nullptr), "stream");
}

void JetStream::add_consumer(const std::string& stream, jsConsumerConfig& config) {
  demand(js_AddConsumer(nullptr, context(), stream.c_str(), &config, nullptr, nullptr), "consumer");
}

void JetStream::delete_consumer(const std::string& stream, const std::string& durable) {
  demand(js_DeleteConsumer(context(), stream.c_str(), durable.c_str(), nullptr, nullptr),
         "deleting");
}

bool JetStream::has_stream(const std::string& name, milliseconds within) {
  jsOptions options;
  jsOptions_Init(&options);
  options.Wait = within.count();
  jsStreamInfo* raw = nullptr;
  const natsStatus status = js_GetStreamInfo(&raw, context(), name.c_str(), &options, nullptr);
  const StreamInfoHandle info(raw);
  return status == NATS_OK;
}

std::int64_t JetStream::replicas_of(const std::string& stream) {
  const auto info = take<StreamInfoHandle>("stream", [&](jsStreamInfo** to) {
    return js_GetStreamInfo(to, context(), stream.c_str(), nullptr, nullptr);
  });
  return info->Config->Replicas;
}

ConsumerState JetStream::state(const std::string& stream, const std::string& durable) {
  jsConsumerInfo* raw = nullptr;
  const natsStatus status =
      js_GetConsumerInfo(&raw, context(), stream.c_str(), durable.c_str(), nullptr, nullptr);
  const ConsumerInfoHandle info(raw);
  if (status != NATS_OK) return {.unacknowledged = -1};
  return {info->NumAckPending, info->NumPending};
}

bool JetStream::publish(const std::string& subject, Bytes body) {
  jsPubOptions options;
  jsPubOptions_Init(&options);
  options.MaxWait = 10'000;
  return js_Publish(nullptr, context(), subject.c_str(), body.data(), static_cast<int>(body.size()),
                    &options, nullptr) == NATS_OK;
}

bool JetStream::publish_with(const std::string& subject, std::string_view body, const char* header,
                             const char* value) {
  const auto message = take<MessageHandle>("message", [&](natsMsg** to) {
    return natsMsg_Create(to, subject.c_str(), nullptr, body.data(), static_cast<int>(body.size()));
  });
  demand(natsMsgHeader_Set(message.get(), header, value), "header");
  return js_PublishMsg(nullptr, context(), message.get(), nullptr, nullptr) == NATS_OK;
}

void JetStream::tell(const std::string& subject, std::string_view body) {
  demand(natsConnection_Publish(connection(), subject.c_str(), body.data(),
                                static_cast<int>(body.size())),
         "publish");
  demand(natsConnection_Flush(connection()), "flush");
}

void JetStream::listen(const std::string& pattern) {
  listening_ = take<SubscriptionHandle>("subscription", [&](natsSubscription** to) {
    return natsConnection_SubscribeSync(to, connection(), pattern.c_str());
  });
  demand(natsConnection_Flush(connection()), "flush");
}

std::pair<std::string, std::string> JetStream::next(milliseconds within) {
  natsMsg* raw = nullptr;
  const natsStatus status = natsSubscription_NextMsg(&raw, listening_.get(), within.count());
  const MessageHandle message(raw);
  if (status != NATS_OK) return {};
  return {natsMsg_GetSubject(raw),
          {natsMsg_GetData(raw), static_cast<std::size_t>(natsMsg_GetDataLength(raw))}};
}

}  // namespace salus::test
