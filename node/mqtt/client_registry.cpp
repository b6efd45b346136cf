#include "node/mqtt/client_registry.h"

#include <fmt/format.h>

namespace salus::node::mqtt {

std::string ClientRegistry::unused_id() {
  std::string id;
  do id = fmt::format("unnamed-{}", ++made_ids_);
  while (holders_.contains(id));
  return id;
}

bool ClientRegistry::claim(std::string& client_id, std::string_view principal,
                           const std::weak_ptr<Peer>& peer) {
  std::shared_ptr<Peer> former;
  {
    const std::lock_guard lock(mutex_);
    if (client_id.empty()) client_id = unused_id();
    Holder& holder = holders_[client_id];
    former = holder.peer.lock();
    if (former && holder.principal != principal) return false;
    holder = {std::string(principal), peer.lock().get(), peer};
  }
  if (former) former->be_taken_over();
  return true;
}

void ClientRegistry::release(const std::string& client_id, const Peer* peer) {
  const std::lock_guard lock(mutex_);
  const auto found = holders_.find(client_id);
  if (found != holders_.end() && found->second.address == peer) holders_.erase(found);
}

}  // namespace salus::node::mqtt
