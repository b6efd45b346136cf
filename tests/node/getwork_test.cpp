// getwork as classic miners speak it: this miner has no code in common with the node. It knows the
// form of a work from https://en.bitcoin.it/wiki/Getwork, and hashes with OpenSSL.
#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/openssl_sha256.h"
#include "tests/node/live_node.h"

namespace salus::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

using Block128 = std::array<std::uint8_t, 128>;

Block128 bytes_of(const std::string& hex) {
  Block128 bytes{};
  EXPECT_EQ(hex.size(), 2 * bytes.size());
  for (std::size_t i = 0; i < bytes.size() && 2 * i + 1 < hex.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>(std::stoul(hex.substr(2 * i, 2), nullptr, 16));
  return bytes;
}

/// A work as a miner has it in memory: words in the order in which SHA-256 takes them.
struct Work {
  Block128 data{};
  std::array<std::uint8_t, 32> target{};  // little-endian

  explicit Work(const json& result) : data(bytes_of(result["data"])) {
    const std::string hex = result["target"];
    EXPECT_EQ(hex.size(), 64U);
    for (std::size_t i = 0; i < target.size(); ++i)
      target[i] = static_cast<std::uint8_t>(std::stoul(hex.substr(2 * i, 2), nullptr, 16));
  }

  /// The nonce is word 19; a word's bytes stand in reverse order.
  void set_nonce(std::uint32_t nonce) {
    for (std::size_t i = 0; i < 4; ++i)
      data[76 + i] = static_cast<std::uint8_t>(nonce >> (8 * (3 - i)));
  }

  /// SHA-256 twice over the 80 bytes of the header, as a little-endian number at most the target.
  [[nodiscard]] bool is_solved() const {
    std::array<std::uint8_t, 80> header{};
    for (std::size_t i = 0; i < header.size(); ++i) header[i] = data[i / 4 * 4 + 3 - i % 4];
    std::array<std::uint8_t, 32> hash{};
    SHA256(header.data(), header.size(), hash.data());
    SHA256(hash.data(), hash.size(), hash.data());
    return !std::lexicographical_compare(target.rbegin(), target.rend(), hash.rbegin(),
                                         hash.rend());
  }

  void solve() {
    for (std::uint32_t nonce = 0; !is_solved(); ++nonce) set_nonce(nonce);
  }

  [[nodiscard]] std::string hex() const { return to_hex(data); }
};

class Getwork : public testing::Test {
 protected:
  void SetUp() override {
    live.config.mine = false;
    live.config.getwork.enabled = true;
  }

  HttpAnswer call(const std::string& body, const std::string& path = "/",
                  const std::string& authorization = {}) {
    std::map<std::string, std::string> fields{{"Content-Type", "application/json"}};
    if (!authorization.empty()) fields["Authorization"] = authorization;
    return HttpClient(live.port()).send({"POST", path, fields, body});
  }
  /// As cpuminer 2.5.1 asks.
  HttpAnswer ask() { return call("{\"method\": \"getwork\", \"params\": [], \"id\":0}\r\n"); }
  HttpAnswer submit(const std::string& data) {
    return call(R"({"method": "getwork", "params": [ ")" + data + "\" ], \"id\":1}\r\n");
  }
  Work work() { return Work(json::parse(ask().body)["result"]); }
  void post(const std::vector<Message>& messages) {
    EXPECT_EQ(
        HttpClient(live.port()).send({"POST", "/v1/statements", {}, body_of(messages)}).status,
        202U);
  }
  std::uint64_t height() { return live.running().node().chain().tip().height; }

  LiveNode live;
};

TEST_F(Getwork, LetsAMinerFindABlockWithWhatWaits) {
  live.start();
  const Message message = live.telemetry(1);
  post({live.registration(1), message});
  Work mined = work();
  mined.solve();
  const HttpAnswer answer = submit(mined.hex());
  EXPECT_EQ(answer.status, 200U);
  const json reply = json::parse(answer.body);
  EXPECT_EQ(reply["result"], true) << answer.field("X-Reject-Reason");
  EXPECT_EQ(reply["error"], nullptr);
  EXPECT_EQ(reply["id"], 1);
  EXPECT_EQ(height(), 1U);
  EXPECT_TRUE(live.running().node().mempool().is_empty());
  EXPECT_EQ(live.running().node().stats().producer, std::nullopt);
}

TEST_F(Getwork, PadsTheHeaderAsSha256Does) {
  live.start();
  const Block128 data = work().data;
  std::array<std::uint8_t, 48> padding{};
  padding[3] = 0x80;  // the first byte of its word
  padding[44] = 0x80;
  padding[45] = 0x02;
  EXPECT_TRUE(std::equal(padding.begin(), padding.end(), data.begin() + 80));
}

TEST_F(Getwork, GivesEveryMinerAnotherHeader) {
  live.start();
  std::vector<std::string> seen;
  for (int i = 0; i < 20; ++i) seen.push_back(work().hex());
  std::ranges::sort(seen);
  EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end());
  EXPECT_EQ(live.running().node().stats().work->templates, 1U);
}

TEST_F(Getwork, RefusesWorkThatAnotherBlockHasOvertaken) {
  live.start();
  Work first = work();
  Work second = work();
  first.solve();
  second.solve();
  EXPECT_EQ(json::parse(submit(first.hex()).body)["result"], true);
  for (const Work& late : {first, second}) {
    const HttpAnswer answer = submit(late.hex());
    EXPECT_EQ(json::parse(answer.body)["result"], false);
    EXPECT_EQ(answer.field("X-Reject-Reason"), "stale");
  }
  EXPECT_EQ(height(), 1U);
}

TEST_F(Getwork, RefusesWhatIsNotSolvedOrWasNeverGivenOut) {
  live.start();
  Work unsolved = work();
  while (unsolved.is_solved()) unsolved.set_nonce(unsolved.data[79] + 1U);
  EXPECT_EQ(submit(unsolved.hex()).field("X-Reject-Reason"), "insufficient_work");
  Work changed = work();
  changed.data[40] ^= 1;  // of the Merkle root
  changed.solve();
  EXPECT_EQ(submit(changed.hex()).field("X-Reject-Reason"), "unknown_work");
  Work later = work();
  later.data[71] ^= 1;  // of the time, which is signed
  later.solve();
  EXPECT_EQ(submit(later.hex()).field("X-Reject-Reason"), "unknown_work");
  EXPECT_EQ(height(), 0U);
}

TEST_F(Getwork, RefusesGarbage) {
  live.start();
  const std::string data = work().hex();
  std::string wrong_padding = data;
  wrong_padding.back() = '1';
  for (const std::string& bad : {std::string(), data.substr(2), data + "00", std::string(256, 'x'),
                                 wrong_padding, std::string("\\u0000")}) {
    const json reply = json::parse(submit(bad).body);
    EXPECT_EQ(reply["error"]["code"], -32602) << bad;
    EXPECT_EQ(reply["result"], nullptr);
  }
  const std::vector<std::pair<std::string, int>> calls = {
      {"", -32700},
      {"{", -32700},
      {"\xff", -32700},
      {"[]", -32600},
      {"7", -32600},
      {"{}", -32600},
      {R"({"method": 7})", -32600},
      {R"({"method": "stop"})", -32601},
      {R"({"method": "getblocktemplate", "params": [], "id": 0})", -32601},
      {R"({"method": "getwork", "params": {}})", -32602},
      {R"({"method": "getwork", "params": ["a", "b"]})", -32602},
      {R"({"method": "getwork", "params": [1]})", -32602},
      {std::string(2000, '['), -32700}};
  for (const auto& [body, code] : calls) {
    const HttpAnswer answer = call(body);
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(json::parse(answer.body)["error"]["code"], code) << body;
  }
  EXPECT_EQ(call(std::string(5000, ' ')).status, 413U);
  EXPECT_EQ(HttpClient(live.port()).get("/").status, 405U);
}

TEST_F(Getwork, AsksForUserAndPasswordWhereThereAreUsers) {
  live.config.getwork.users = {"rig:" + to_hex(openssl_sha256(as_bytes("secret")))};
  live.start();
  const std::string body = R"({"method": "getwork", "params": []})";
  const auto basic = [&](const std::string& text) {
    std::string coded(text.size() * 2 + 4, '\0');
    coded.resize(static_cast<std::size_t>(EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(coded.data()),
        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()))));
    return "Basic " + coded;
  };
  EXPECT_EQ(call(body, "/", basic("rig:secret")).status, 200U);
  for (const std::string& wrong :
       {std::string(), basic("rig:Secret"), basic("rig:"), basic("rug:secret"), basic("rigsecret"),
        basic("rig:secret:"), std::string("Basic !!!!"), std::string("Basic"),
        "Basic " + std::string(4000, 'A'), "Bearer " + live.token()}) {
    const HttpAnswer answer = call(body, "/", wrong);
    EXPECT_EQ(answer.status, 401U) << wrong;
    EXPECT_THAT(answer.field("WWW-Authenticate"), HasSubstr("Basic"));
  }
}

TEST_F(Getwork, TellsThoseWhoWaitThatThereIsOtherWork) {
  live.start();
  const HttpAnswer now = ask();
  EXPECT_EQ(now.field("X-Long-Polling"), "/longpoll");
  Work mined = Work(json::parse(now.body)["result"]);
  mined.solve();
  std::string next;
  std::atomic<bool> is_told = false;
  std::jthread waiting([&] {
    next = call(R"({"method": "getwork", "params": [], "id":0})", "/longpoll").body;
    is_told = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(json::parse(submit(mined.hex()).body)["result"], true);
  // It may have asked only after that; then the next block tells it.
  while (!is_told) {
    Work more = work();
    more.solve();
    submit(more.hex());
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  waiting.join();
  const Work given(json::parse(next)["result"]);
  EXPECT_FALSE(std::equal(given.data.begin() + 4, given.data.begin() + 36, mined.data.begin() + 4));
}

TEST_F(Getwork, EndsWhileMinersWait) {
  live.start();
  std::jthread waiting([port = live.port()] {
    const BareSocket socket(port);
    socket.write(
        "POST /longpoll HTTP/1.1\r\nHost: x\r\nContent-Length: 35\r\n\r\n"
        R"({"method": "getwork", "params": []})");
    static_cast<void>(socket.read_all());
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  live.stop();
  waiting.join();
  SUCCEED();
}

TEST_F(Getwork, IsNotThereUnlessItIsEnabled) {
  live.config.getwork.enabled = false;
  live.start();
  EXPECT_EQ(ask().status, 404U);
}

}  // namespace
}  // namespace salus::test
