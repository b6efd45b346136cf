#include "node/running_node.h"

#include <utility>

#include "node/api/chain_reader.h"
#include "node/api/getwork.h"
#include "node/http_listener.h"
#include "node/listener_settings.h"
#include "node/listeners.h"
#include "node/receipt_sender.h"

namespace salus::node {
namespace {

std::unique_ptr<api::Getwork> make_getwork(const GetworkConfig& config) {
  if (!config.enabled) return nullptr;
  std::vector<api::GetworkUser> users;
  for (UserEntry& user : read_users(config.users, "getwork.users"))
    users.push_back({std::move(user.name), user.password_sha256});
  return std::make_unique<api::Getwork>(std::move(users));
}

}  // namespace

class RunningNode::Impl {
 public:
  Impl(const std::filesystem::path& folder, const NodeConfig& config,
       std::optional<SigningKey> validator, std::string version)
      : getwork_(make_getwork(config.getwork)),
        http_(config.http.enabled
                  ? std::make_unique<HttpListener>(folder, config.http, getwork_.get())
                  : nullptr),
        node_(folder, config, std::move(validator)),
        listeners_(folder, config, node_.sink()),
        reader_(parts(std::move(version))) {
    if (config.mqtt.enabled) receipts_.emplace(node_.chain(), node_.store(), reader_, listeners_);
    if (getwork_ && node_.work() != nullptr) getwork_->open(*node_.work());
    if (http_) http_->open(node_.sink(), reader_);
  }
  ~Impl() {
    if (http_) http_->stop();  // it was there before the node that it reads
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  [[nodiscard]] std::vector<std::string> addresses() const {
    std::vector<std::string> all = listeners_.addresses();
    if (http_) all.insert(all.begin(), http_->address());
    return all;
  }

  std::vector<Reloaded> reload() {
    std::vector<Reloaded> all = http_ ? http_->reload() : std::vector<Reloaded>();
    for (Reloaded& each : listeners_.reload()) all.push_back(std::move(each));
    return all;
  }

  Node& node() { return node_; }
  [[nodiscard]] const Listeners& listeners() const { return listeners_; }

 private:
  [[nodiscard]] api::ReadParts parts(std::string version) {
    api::ReadParts parts = api::parts_of(node_, std::move(version));
    parts.more_metrics = [this] { return listeners_.metrics(); };
    return parts;
  }

  std::unique_ptr<api::Getwork> getwork_;
  std::unique_ptr<HttpListener> http_;
  Node node_;
  Listeners listeners_;
  api::ChainReader reader_;
  std::optional<ReceiptSender> receipts_;  // where a way in has clients that wait for them
};

RunningNode::RunningNode(const std::filesystem::path& folder, const NodeConfig& config,
                         std::optional<SigningKey> validator, std::string version)
    : impl_(std::make_unique<Impl>(folder, config, std::move(validator), std::move(version))) {}

RunningNode::~RunningNode() = default;

Node& RunningNode::node() { return impl_->node(); }
const Node& RunningNode::node() const { return impl_->node(); }

std::vector<std::string> RunningNode::addresses() const { return impl_->addresses(); }

std::vector<std::string> RunningNode::sources() const { return impl_->listeners().sources(); }

std::vector<Reloaded> RunningNode::reload() { return impl_->reload(); }

std::optional<nats::Counters> RunningNode::nats_counters() const {
  return impl_->listeners().nats_counters();
}

}  // namespace salus::node
