// TLS and client certificates, with curl as the client and openssl to make the certificates.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include "tests/node/api/api_fixture.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using testing::HasSubstr;

struct Close {
  void operator()(std::FILE* pipe) const { ::pclose(pipe); }
};

/// What the command writes to its standard output.
std::string output_of(const std::string& command) {
  const std::unique_ptr<std::FILE, Close> pipe(::popen((command + " 2>/dev/null").c_str(), "r"));
  std::string out;
  std::array<char, 4096> piece{};
  while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), pipe.get()))
    out.append(piece.data(), size);
  return out;
}

class Tls : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* tool : {"curl", "openssl"})
      if (output_of(std::string("command -v ") + tool).empty())
        GTEST_SKIP() << tool << " is missing";
    make_authority("ca");
    make_certificate("server", "localhost", "ca");
    make_certificate("ward", "ward 3", "ca");
    make_certificate("guest", "guest", "ca");
    make_authority("other");
    make_certificate("forged", "ward 3", "other");
  }

  void make_authority(const std::string& name) {
    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" +
        name + " -keyout " + file(name + ".key") + " -out " + file(name + ".pem"));
  }

  void make_certificate(const std::string& name, const std::string& subject,
                        const std::string& authority) {
    run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=" + subject +
        "' -addext subjectAltName=DNS:localhost -keyout " + file(name + ".key") + " -out " +
        file(name + ".csr"));
    run("openssl x509 -req -days 2 -copy_extensions copy -CAcreateserial -in " +
        file(name + ".csr") + " -CA " + file(authority + ".pem") + " -CAkey " +
        file(authority + ".key") + " -out " + file(name + ".pem"));
  }

  void run(const std::string& command) const {
    ASSERT_EQ(std::system((command + " 2>/dev/null").c_str()), 0) << command;
  }

  [[nodiscard]] std::string file(const std::string& name) const {
    return (folder_.path() / name).string();
  }

  [[nodiscard]] node::api::HttpOptions options() const {
    auto options = test_options();
    options.tls = {file("server.pem"), file("server.key"), file("ca.pem")};
    options.access.certificates = {{"ward 3", node::api::ApiRole::reader}};
    return options;
  }

  /// The answer's body, then its status.
  [[nodiscard]] std::string curl(const Api& api, const std::string& path,
                                 const std::string& more = {}) const {
    return output_of("curl -s -m 20 --cacert " + file("ca.pem") + " -w '%{http_code}' " + more +
                     " 'https://localhost:" + std::to_string(api.port()) + path + "'");
  }

  [[nodiscard]] std::string with_certificate(const std::string& name) const {
    return "--cert " + file(name + ".pem") + " --key " + file(name + ".key");
  }

  TemporaryFolder folder_;
};

TEST_F(Tls, ServesCurl) {
  const Api api(options());
  EXPECT_EQ(curl(api, "/healthz"), "alive\n200");
  EXPECT_THAT(curl(api, "/v1/status"), HasSubstr("\"height\":2"));
}

TEST_F(Tls, TakesStatementsFromCurl) {
  const Api api(options());
  std::string body;
  constexpr int kStatements = 5000;
  for (int i = 0; i < kStatements; ++i) body += small_message(static_cast<char>(i % 24));
  std::ofstream(file("body")) << body;
  for (const char* encoding : {"", "-H 'Transfer-Encoding: chunked'"})
    EXPECT_THAT(curl(api, "/v1/statements",
                     "-H 'Content-Type: application/cbor-seq' --data-binary @" + file("body") +
                         " " + encoding),
                testing::EndsWith("202"));
  EXPECT_EQ(api.sink.messages().size(), 2U * kStatements);
}

TEST_F(Tls, TakesAClientCertificateInPlaceOfAToken) {
  const Api api(options());
  const std::string path = "/v1/statements/" + to_hex(api.reader.statement_id);
  EXPECT_THAT(curl(api, path), testing::EndsWith("401"));
  EXPECT_THAT(curl(api, path, with_certificate("guest")), testing::EndsWith("401"));
  for (const char* version : {"--tlsv1.3", "--tlsv1.2 --tls-max 1.2"}) {
    const std::string answer = curl(api, path, with_certificate("ward") + " " + version);
    EXPECT_THAT(answer, HasSubstr(std::string(kSecretSubject)));
    EXPECT_THAT(answer, testing::EndsWith("200"));
  }
  EXPECT_THAT(curl(api, path, "-H 'Authorization: Bearer " + std::string(kReaderToken) + "'"),
              testing::EndsWith("200"));
}

TEST_F(Tls, RefusesACertificateOfAnotherAuthority) {
  const Api api(options());
  EXPECT_EQ(curl(api, "/healthz", with_certificate("forged")), "000");
}

TEST_F(Tls, SpeaksNoOlderVersions) {
  const Api api(options());
  EXPECT_EQ(curl(api, "/healthz", "--tlsv1.0 --tls-max 1.1"), "000");
}

TEST_F(Tls, ServesNoPlainText) {
  const Api api(options());
  const BareSocket socket(api.port());
  ASSERT_TRUE(socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_EQ(socket.read_all().find("HTTP"), std::string::npos);
}

TEST_F(Tls, ClosesHandshakesThatDoNotEnd) {
  auto impatient = options();
  impatient.handshake_timeout = std::chrono::milliseconds(100);
  const Api api(impatient);
  const BareSocket socket(api.port());
  EXPECT_EQ(socket.read_all(), "");
}

TEST_F(Tls, ReadsItsCertificateAgainForConnectionsToCome) {
  Api api(options());
  const std::string by_other = "--cacert " + file("other.pem");  // counts in place of ca.pem
  EXPECT_EQ(curl(api, "/healthz", by_other), "000");
  make_certificate("server", "localhost", "other");
  api.server.reload_tls();
  EXPECT_EQ(curl(api, "/healthz", by_other), "alive\n200");
  EXPECT_EQ(curl(api, "/healthz"), "000");
  std::filesystem::copy_file(file("ward.key"), file("server.key"),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_THROW(api.server.reload_tls(), Error);
  EXPECT_EQ(curl(api, "/healthz", by_other), "alive\n200");
}

TEST_F(Tls, RefusesAKeyOfAnotherCertificate) {
  auto wrong = options();
  wrong.tls->private_key = file("ward.key");
  EXPECT_THROW(Api api(wrong), Error);
}

}  // namespace
}  // namespace salus::test
