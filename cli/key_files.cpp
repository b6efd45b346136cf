#include "cli/key_files.h"

#include <algorithm>

#include "cli/error_context.h"
#include "cli/input_file.h"
#include "node/statement/secret.h"

namespace salus::cli {
namespace {

using engine::signature::parse_public_key;
using engine::signature::PublicKey;

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::size_t kMaxKeysFile = std::size_t{4} << 20;

/// The PEM blocks in a file, each from its BEGIN to the end of its END line; all of the file where
/// there is none.
std::vector<Bytes> pem_blocks(Bytes content) {
  const std::string_view text(reinterpret_cast<const char*>(content.data()), content.size());
  std::vector<Bytes> blocks;
  std::size_t end = 0;
  for (std::size_t start = text.find(kBegin); start != std::string_view::npos;
       start = text.find(kBegin, end)) {
    end = std::min(text.find('\n', text.find(kEnd, start)), text.size());
    blocks.push_back(content.subspan(start, end - start));
  }
  if (blocks.empty()) blocks.push_back(content);
  return blocks;
}

}  // namespace

PublicKey public_key_of_file(const std::string& path, const node::AskPassphrase& ask) {
  const node::Secret content = node::read_secret_file(path, node::kMaxKeyFileBytes);
  return in_context(input_name(path), [&] {
    if (content.text().find("PRIVATE KEY-----") != std::string_view::npos)
      return node::SigningKey::from_pem(content, ask).public_key();
    return parse_public_key(as_bytes(content.text()));
  });
}

std::vector<PublicKey> public_keys_in_file(const std::string& path) {
  const std::vector<std::uint8_t> content = read_all(path, kMaxKeysFile);
  return in_context(input_name(path), [&] {
    std::vector<PublicKey> keys;
    for (const Bytes block : pem_blocks(content)) keys.push_back(parse_public_key(block));
    return keys;
  });
}

}  // namespace salus::cli
