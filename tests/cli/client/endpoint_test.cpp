#include "cli/client/endpoint.h"

#include <gtest/gtest.h>

#include "engine/error.h"

namespace salus::test {
namespace {

using cli::client::Endpoint;
using cli::client::parse_endpoint;

TEST(Endpoint, ReadsNamesAndAddresses) {
  const Endpoint name = parse_endpoint("https://node.hospital.example:8443/");
  EXPECT_EQ(name.scheme, "https");
  EXPECT_EQ(name.host, "node.hospital.example");
  EXPECT_EQ(name.port, 8443);
  EXPECT_TRUE(name.has_tls());
  EXPECT_EQ(name.text(), "https://node.hospital.example:8443");

  const Endpoint v6 = parse_endpoint("mqtt://[::1]:1884");
  EXPECT_EQ(v6.host, "::1");
  EXPECT_EQ(v6.text(), "mqtt://[::1]:1884");
  EXPECT_FALSE(v6.has_tls());
}

TEST(Endpoint, KnowsThePortsOfItsSchemes) {
  EXPECT_EQ(parse_endpoint("http://h").port, 80);
  EXPECT_EQ(parse_endpoint("https://h").port, 443);
  EXPECT_EQ(parse_endpoint("mqtt://h").port, 1883);
  EXPECT_EQ(parse_endpoint("mqtts://[fe80::1%eth0]").port, 8883);
}

TEST(Endpoint, RefusesWhatIsNone) {
  for (const char* text :
       {"", "node", "ftp://h", "http:/h", "http://", "http://:80", "http://h:", "http://h:0",
        "http://h:65536", "http://h:80x", "http://h/path", "http://[::1", "http://[::1]x",
        "http://user@h", "http://h\r\nX: y", "http://a b"})
    EXPECT_THROW(parse_endpoint(text), Error) << text;
}

TEST(Endpoint, TellsAddressesFromFolders) {
  EXPECT_TRUE(cli::client::is_endpoint("mqtts://h"));
  EXPECT_FALSE(cli::client::is_endpoint("my-node"));
  EXPECT_FALSE(cli::client::is_endpoint("./http"));
}

}  // namespace
}  // namespace salus::test
