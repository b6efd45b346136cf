// One JSON value in the form of RFC 8785 (JCS), whose parts are what cells are made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace salus::trial {

/// How numbers are written.
enum class JsonNumbers : std::uint8_t {
  /// As ECMAScript does: one text for each double. An integer that no double holds stays as it is
  /// written, so that two long identifiers never become one.
  rfc8785,
  /// As they stand: 1.0 and 1.00 differ.
  as_written,
};

/// Parses one value after the other. Not thread safe.
class CanonicalJson {
 public:
  enum class Kind : std::uint8_t { object, array, other };
  /// A member of the object, or an element of the array, whose name is empty then.
  struct Part {
    std::string_view name;   ///< Without escapes: UTF-8.
    std::string_view value;  ///< Canonical text.
  };

  explicit CanonicalJson(JsonNumbers numbers) : numbers_(numbers) {}

  /// Takes `text`, which is one value with white space around it. Throws `Error` (input) when it is
  /// not, and for what RFC 8785 has no form: names that are there twice, numbers beyond a double's
  /// range, halves of surrogate pairs. Messages quote nothing of the text.
  void parse(std::string_view text);

  // Of what was parsed last; views are valid until the next call of `parse`.

  [[nodiscard]] Kind kind() const { return kind_; }
  /// Members in canonical order (of their names in UTF-16), elements in theirs.
  [[nodiscard]] std::span<const Part> parts() const { return parts_; }
  /// The whole of what is neither object nor array.
  [[nodiscard]] std::string_view text() const { return text_; }

  /// Arrays and objects inside one another; more is an error.
  static constexpr std::size_t kMaxDepth = 128;
  /// Members and elements that are held at a time; more is an error, so that a few MiB of tiny
  /// values do not take hundreds.
  static constexpr std::size_t kMaxValues = std::size_t{1} << 20;

 private:
  friend class CanonicalJsonHandler;

  JsonNumbers numbers_;
  Kind kind_ = Kind::other;
  std::string text_;
  std::string names_;
  std::vector<Part> parts_;
};

/// Whether `a` comes before `b` among the names of an object: by their UTF-16 code units, as RFC
/// 8785, 3.2.3, has it. Both are UTF-8.
bool utf16_less(std::string_view a, std::string_view b);

/// Appends a string with its quotes and escapes.
void append_json_string(std::string& out, std::string_view text);

/// Appends a number whose text is `written` and whose nearest double is `value`, which is finite.
void append_json_number(std::string& out, double value, std::string_view written);

}  // namespace salus::trial
