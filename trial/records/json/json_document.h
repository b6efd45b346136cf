// One large JSON object in a file, taken apart at its outermost level without holding it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/files/descriptor.h"

namespace salus::trial {

/// Goes through the members of the object, and through the elements of those that are arrays:
///
///   while (const auto name = document.next_member())
///     if (*name == "rows") {
///       document.enter_array();
///       while (const auto row = document.next_element()) ...
///     }                     // members that nobody took are passed over
///
/// Finds out where values end; what is in those that are given out is the caller's to parse. Throws
/// `Error` (input), with the byte, for what cannot be JSON, and for a value that is longer than
/// `max_value`; `Error` (system) when reading fails. Not thread safe.
class JsonDocument {
 public:
  /// Reads the file, which is regular, at offsets of its own.
  JsonDocument(files::Descriptor file, std::size_t max_value);

  /// Begins again with the first member.
  void restart();

  /// The next member's name, without escapes. Nothing at the end, behind which there is nothing but
  /// white space.
  std::optional<std::string> next_member();

  /// The text of the member's value; valid until the next call of anything.
  std::string_view value();

  /// Says that the member's value is an array; its elements come by `next_element`.
  void enter_array();
  /// The text of the next element, valid until the next call of anything; nothing at the end.
  std::optional<std::string_view> next_element();

 private:
  enum class State : std::uint8_t { beginning, value, array, between, ended };

  [[noreturn]] void fail(std::string_view what) const;
  bool fill();
  int peek();
  int peek_token();
  void expect(char token, std::string_view what);
  void skip_byte_order_mark();
  void skip_value();
  void take_value();
  template <typename Take>
  void scan_value(const Take& take);
  template <typename Take>
  void scan_word(const Take& take);
  template <typename Take>
  void scan_string(const Take& take);

  files::Descriptor file_;
  std::size_t max_value_;
  std::vector<char> window_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t window_offset_ = 0;  ///< Of `window_` in the file.
  State state_ = State::beginning;
  bool first_ = true;  ///< No element of the array was given yet.
  std::string text_;
};

}  // namespace salus::trial
