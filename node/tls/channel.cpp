#include "node/tls/channel.h"

namespace salus::node::tls {

Channel::Channel(boost::asio::ip::tcp::socket&& socket, boost::asio::ssl::context* tls)
    : tcp_(std::move(socket)) {
  if (tls != nullptr) tls_.emplace(tcp_, *tls);
}

Channel::~Channel() = default;

void Channel::shake_hands(boost::asio::ssl::stream_base::handshake_type side, Done done) {
  tls_->async_handshake(side, std::move(done));
}

void Channel::end_tls(Done done) { tls_->async_shutdown(std::move(done)); }

void Channel::read_below(boost::asio::mutable_buffer buffer, Moved done) {
  tcp_.async_read_some(buffer, std::move(done));
}

void Channel::read(boost::asio::mutable_buffer buffer, Moved done) {
  if (tls_)
    tls_->async_read_some(buffer, std::move(done));
  else
    tcp_.async_read_some(buffer, std::move(done));
}

void Channel::write(const std::vector<boost::asio::const_buffer>& buffers, Moved done) {
  if (tls_)
    tls_->async_write_some(buffers, std::move(done));
  else
    tcp_.async_write_some(buffers, std::move(done));
}

}  // namespace salus::node::tls
