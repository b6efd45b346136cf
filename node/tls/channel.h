// A TCP connection, with TLS over it or without: one type, and one type of callback, so that what
// the templates of Boost.Asio and Boost.Beast make of either is compiled once, in channel.cpp. An
// AsyncStream in the terms of Boost.Beast. Internal: includes Boost.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace salus::node::tls {

class Channel {
 public:
  using ErrorCode = boost::system::error_code;
  using executor_type = boost::beast::tcp_stream::executor_type;
  using Tls = boost::beast::ssl_stream<boost::beast::tcp_stream&>;
  using Done = std::function<void(ErrorCode)>;
  using Moved = std::function<void(ErrorCode, std::size_t)>;

  /// `tls` is null where there is none, and may go: OpenSSL's connection holds what it needs of it.
  Channel(boost::asio::ip::tcp::socket&& socket, boost::asio::ssl::context* tls);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  executor_type get_executor() noexcept { return tcp_.get_executor(); }

  boost::beast::tcp_stream& tcp() { return tcp_; }
  [[nodiscard]] bool has_tls() const { return tls_.has_value(); }
  Tls& tls() { return *tls_; }

  /// Of TLS, which there is.
  void shake_hands(boost::asio::ssl::stream_base::handshake_type side, Done done);
  void end_tls(Done done);

  template <typename Buffers, typename Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    read(*boost::asio::buffer_sequence_begin(buffers), callback(std::forward<Handler>(handler)));
  }

  template <typename Buffers, typename Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    write({boost::asio::buffer_sequence_begin(buffers), boost::asio::buffer_sequence_end(buffers)},
          callback(std::forward<Handler>(handler)));
  }

  /// What comes over TCP, even with TLS over it.
  void read_below(boost::asio::mutable_buffer buffer, Moved done);

 private:
  /// Handlers of composed operations cannot be copied.
  template <typename Handler>
  static Moved callback(Handler&& handler) {
    auto kept = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
    return [kept](ErrorCode error, std::size_t bytes) { (*kept)(error, bytes); };
  }

  void read(boost::asio::mutable_buffer buffer, Moved done);
  void write(const std::vector<boost::asio::const_buffer>& buffers, Moved done);

  boost::beast::tcp_stream tcp_;
  std::optional<Tls> tls_;
};

}  // namespace salus::node::tls
