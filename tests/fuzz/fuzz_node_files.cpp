// Any text as each of the small files and messages of a node's folder: configuration, bearer
// tokens, manifest of a backup, requests and answers of its control socket. What is taken and can
// be written says the same when it is read again.
#include <string>
#include <string_view>

#include "engine/error.h"
#include "node/api/token_file.h"
#include "node/backup_manifest.h"
#include "node/config.h"
#include "node/control/protocol.h"
#include "tests/fuzz/require.h"

namespace {

using namespace salus;

using salus::fuzz::require;

/// Runs `read`, which may refuse what comes from outside, and nothing else.
template <typename Read>
void attempt(Read read) {
  try {
    read();
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::input);
  }
}

void try_tokens(std::string_view text) {
  const auto grants = node::api::parse_token_file(text);
  std::string again;
  for (const node::api::TokenGrant& grant : grants)
    again += std::string(to_string(grant.role)) + ' ' + to_hex(grant.token_sha256) + '\n';
  const auto second = node::api::parse_token_file(again);
  require(second.size() == grants.size());
  require(count_by_role(second) == count_by_role(grants));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  attempt([&] { (void)node::parse_config(text); });
  attempt([&] { try_tokens(text); });
  attempt([&] {
    const node::BackupManifest manifest = node::parse_manifest(std::string(text), "input");
    require(to_text(manifest) == text);
  });
  attempt([&] { require(to_text(node::parse_request(text)) == text); });
  attempt([&] { require(to_text(node::parse_answer(text)) == text); });
  return 0;
}
