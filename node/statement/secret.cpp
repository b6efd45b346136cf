#include "node/statement/secret.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <span>

#include "engine/byte_source.h"
#include "engine/error.h"

namespace salus::node {

Secret::Secret(std::string& text) : text_(text.begin(), text.end()) {
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

Secret::~Secret() { OPENSSL_cleanse(text_.data(), text_.size()); }

Secret& Secret::operator=(Secret&& other) noexcept {
  std::swap(text_, other.text_);
  return *this;
}

Secret read_secret_file(const std::string& path, std::size_t limit) {
  try {
    FileSource file(path);
    // As long as it may become, so that it never moves and leaves a copy behind; one byte more
    // shows that a file is too long.
    std::vector<char> text(limit + 1);
    const std::span<std::uint8_t> bytes(reinterpret_cast<std::uint8_t*>(text.data()), text.size());
    std::size_t filled = 0;
    while (filled < text.size()) {
      const std::size_t size = file.read(bytes.subspan(filled));
      if (size == 0) break;
      filled += size;
    }
    text.resize(filled);
    Secret secret(std::move(text));
    if (filled > limit)
      throw Error(ErrorKind::input, "longer than " + std::to_string(limit) + " bytes");
    return secret;
  } catch (const Error& error) {
    throw Error(error.kind(), path + ": " + error.what());
  }
}

}  // namespace salus::node
