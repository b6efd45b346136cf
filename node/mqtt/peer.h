// A connected client, as others see it.
#pragma once

#include <cstdint>
#include <vector>

namespace salus::node::mqtt {

/// Thread safe; neither call waits.
class Peer {
 public:
  virtual ~Peer() = default;
  /// The same client has connected anew: this connection ends.
  virtual void be_taken_over() = 0;
  virtual void send_receipt(std::vector<std::uint8_t> receipt) = 0;
};

}  // namespace salus::node::mqtt
