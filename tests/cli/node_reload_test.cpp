// `salus node run` is told by SIGHUP to read its files again while it serves.
#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "node/api/token_file.h"
#include "tests/cli/run_salus.h"
#include "tests/node/api/http_client.h"
#include "tests/node/mqtt/program.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using namespace std::chrono_literals;
using node::api::ApiRole;
using node::api::token_file_line;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

constexpr const char* kListening = "listening: http://127.0.0.1:";
constexpr const char* kKept = "what was read before stays in use";

class NodeReload : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(run_salus({"node", "init", node(), "--dev"}).exit_code, 0);
    folder_.write("node/salus.toml",
                  "[engine]\ndevices = \"cpu\"\nthreads = 1\n[store]\nmemory_bytes = 33554432\n"
                  "[http]\nport = 0\n");
    const std::vector<std::string> command = {salus_program(), "node", "run", node()};
    program_.emplace(command, log_file());
    ASSERT_TRUE(has_logged("running: ")) << read_text(log_file());
    const std::string log = read_text(log_file());
    const std::size_t port = log.find(kListening) + std::string_view(kListening).size();
    client_.emplace(static_cast<std::uint16_t>(std::stoul(log.substr(port))));
  }

  [[nodiscard]] std::string node() const { return folder_.path("node"); }
  [[nodiscard]] std::string log_file() const { return folder_.path("log"); }
  [[nodiscard]] std::string operator_token() const {
    std::string token = read_text(node() + "/operator.token");
    token.pop_back();
    return token;
  }

  /// Waits until this has been said `times` times.
  [[nodiscard]] bool has_logged(const std::string& text, int times = 1) const {
    for (int i = 0; i < 3000; ++i) {
      int found = 0;
      const std::string log = read_text(log_file());
      for (std::size_t at = log.find(text); at != std::string::npos; at = log.find(text, at + 1))
        ++found;
      if (found >= times) return true;
      std::this_thread::sleep_for(20ms);
    }
    return false;
  }

  /// Puts another file in the place of that with the tokens, as a whole, and says so to the node.
  void replace_tokens(const std::string& text,
                      fs::perms mode = fs::perms::owner_read | fs::perms::owner_write) const {
    const std::string next = folder_.write("node/tokens.new", text);
    fs::permissions(next, mode);
    fs::rename(next, node() + "/tokens");
    program_->send(SIGHUP);
  }

  /// The status that whoever asks for a body with this token gets, on a connection that is kept:
  /// 401 with one that is not known, otherwise 404, as there is no such statement.
  unsigned status(const std::string& token) {
    return client_
        ->send({"GET",
                "/v1/statements/" + std::string(64, '0'),
                {{"Authorization", "Bearer " + token}},
                {}})
        .status;
  }

  TemporaryFolder folder_;
  std::optional<Program> program_;
  std::optional<HttpClient> client_;
};

TEST_F(NodeReload, TakesTokensThatAreNewAndNoMoreThoseThatAreRevoked) {
  const std::string old_token = operator_token();
  EXPECT_EQ(status(old_token), 404U);
  EXPECT_EQ(status("new"), 401U);
  replace_tokens(token_file_line(ApiRole::reader, "new") +
                 token_file_line(ApiRole::reader, "newer"));
  ASSERT_TRUE(has_logged("2 readers, 0 auditors, 0 operators")) << read_text(log_file());
  EXPECT_EQ(status(old_token), 401U);
  EXPECT_EQ(status("new"), 404U);
  EXPECT_EQ(status("newer"), 404U);
  const std::string log = read_text(log_file());
  for (const std::string& secret : {old_token, token_file_line(ApiRole::reader, "new").substr(7)})
    EXPECT_THAT(log, Not(HasSubstr(secret)));
}

TEST_F(NodeReload, KeepsTheTokensItHasWhereTheFileCannotBeTaken) {
  const std::string token = operator_token();
  const std::string line = token_file_line(ApiRole::reader, "new");
  replace_tokens(line + "reader nonsense\n");
  ASSERT_TRUE(has_logged(kKept, 1)) << read_text(log_file());
  EXPECT_TRUE(has_logged("/tokens: line 2: not a role"));
  replace_tokens(line, fs::perms::all);
  ASSERT_TRUE(has_logged(kKept, 2)) << read_text(log_file());
  EXPECT_TRUE(has_logged("others than its owner may write it"));
  fs::remove(node() + "/tokens");
  program_->send(SIGHUP);
  ASSERT_TRUE(has_logged(kKept, 3)) << read_text(log_file());
  EXPECT_TRUE(has_logged("No such file"));
  EXPECT_EQ(status(token), 404U);
  EXPECT_EQ(status("new"), 401U);
  EXPECT_THAT(read_text(log_file()), Not(HasSubstr("nonsense")));
  // A file that is mended is taken.
  replace_tokens(line);
  ASSERT_TRUE(has_logged("1 reader, 0 auditors, 0 operators")) << read_text(log_file());
  EXPECT_EQ(status(token), 401U);
}

}  // namespace
}  // namespace salus::test
