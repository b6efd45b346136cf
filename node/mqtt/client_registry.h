// Which client ids are in use. There is one connection for each [MQTT-3.1.4-2].
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "node/mqtt/peer.h"

namespace salus::node::mqtt {

/// Thread safe.
class ClientRegistry {
 public:
  /// Takes the id for `peer`; an empty one is replaced by one that nobody has. A connection that
  /// has it already is ended, if it is of the same principal; else the answer is false.
  bool claim(std::string& client_id, std::string_view principal, const std::weak_ptr<Peer>& peer);

  /// Gives it back, unless another connection has it by now.
  void release(const std::string& client_id, const Peer* peer);

 private:
  struct Holder {
    std::string principal;
    const Peer* address = nullptr;
    std::weak_ptr<Peer> peer;
  };

  std::string unused_id();

  std::mutex mutex_;
  std::unordered_map<std::string, Holder> holders_;
  std::uint64_t made_ids_ = 0;
};

}  // namespace salus::node::mqtt
