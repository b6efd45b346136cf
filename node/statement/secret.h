// Text that must not stay in memory.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace salus::node {

/// A passphrase or a private key's file. Wiped before its memory is given back; cannot be copied.
class Secret {
 public:
  Secret() = default;
  /// Takes over what the vector holds.
  explicit Secret(std::vector<char>&& text) noexcept : text_(std::move(text)) {}
  /// Copies the text and wipes the string that it came in.
  explicit Secret(std::string& text);
  ~Secret();
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) {}
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  [[nodiscard]] std::string_view text() const { return {text_.data(), text_.size()}; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

 private:
  std::vector<char> text_;
};

/// A whole file, at most `limit` bytes. Throws `Error` naming it: (input) when it is not there, is
/// longer or cannot be read. Nothing of it is left in other memory.
Secret read_secret_file(const std::string& path, std::size_t limit);

}  // namespace salus::node
