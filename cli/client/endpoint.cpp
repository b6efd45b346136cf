#include "cli/client/endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/error.h"

namespace salus::cli::client {
namespace {

struct Scheme {
  std::string_view name;
  std::uint16_t port;
};

// IANA's registry of ports.
constexpr std::array kSchemes = {Scheme{"http", 80}, Scheme{"https", 443}, Scheme{"mqtt", 1883},
                                 Scheme{"mqtts", 8883}};
constexpr std::string_view kBehindScheme = "://";

const Scheme* scheme_of(std::string_view text) {
  const auto found = std::ranges::find_if(kSchemes, [&](const Scheme& scheme) {
    return text.starts_with(scheme.name) &&
           text.substr(scheme.name.size()).starts_with(kBehindScheme);
  });
  return found == kSchemes.end() ? nullptr : &*found;
}

[[noreturn]] void fail(const char* problem) {
  throw Error(ErrorKind::usage,
              fmt::format("an address is http, https, mqtt or mqtts://HOST[:PORT]: {}", problem));
}

std::uint16_t port_of(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [behind, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc() || behind != end || port == 0) fail("the port is a number up to 65535");
  return port;
}

/// Letters, digits and what else stands in names and addresses: nothing that could end a line of a
/// request.
bool is_host(std::string_view text) {
  constexpr std::size_t kLongestName = 253;  // RFC 1035, 2.3.4
  return !text.empty() && text.size() <= kLongestName && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c == '_' || c == ':' || c == '%';
  });
}

}  // namespace

std::string Endpoint::authority() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", is_v6 ? "[" : "", host, is_v6 ? "]" : "", port);
}

bool is_endpoint(std::string_view text) { return scheme_of(text) != nullptr; }

Endpoint parse_endpoint(std::string_view text) {
  const Scheme* const scheme = scheme_of(text);
  if (scheme == nullptr) fail("the scheme is none of these");
  Endpoint endpoint{std::string(scheme->name), {}, scheme->port};
  std::string_view rest = text.substr(scheme->name.size() + kBehindScheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  std::string_view host;
  if (rest.starts_with('[')) {
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos) fail("a bracket is not closed");
    host = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
  } else {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    host = rest.substr(0, end);
    rest.remove_prefix(end);
  }
  if (!is_host(host)) fail("there is no such host");
  endpoint.host = host;
  if (rest.starts_with(':')) {
    endpoint.port = port_of(rest.substr(1));
  } else if (!rest.empty()) {
    fail("nothing may stand behind the host but a port");
  }
  return endpoint;
}

}  // namespace salus::cli::client
