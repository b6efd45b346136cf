#include "trial/records/json/canonical_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "engine/error.h"

namespace salus::trial {

using nlohmann::json;

/// Writes values in the order in which they come, and puts the members of an object in order when
/// it ends. The outermost object or array is kept in parts.
class CanonicalJsonHandler final : public nlohmann::json_sax<json> {
 public:
  explicit CanonicalJsonHandler(CanonicalJson& out)
      : out_(out), as_written_(out.numbers_ == JsonNumbers::as_written) {}

  [[nodiscard]] const std::string& failure() const { return failure_; }

  bool null() override {
    return scalar([&] { text().append("null"); });
  }
  bool boolean(bool value) override {
    return scalar([&] { text().append(value ? "true" : "false"); });
  }
  bool number_integer(number_integer_t value) override {
    return scalar([&] { append_integer(value); });
  }
  bool number_unsigned(number_unsigned_t value) override {
    return scalar([&] { append_integer(value); });
  }
  bool number_float(number_float_t value, const string_t& written) override {
    return scalar([&] {
      if (as_written_)
        text().append(written);
      else
        append_json_number(text(), value, written);
    });
  }
  bool string(string_t& value) override {
    return scalar([&] { append_json_string(text(), value); });
  }
  bool binary(binary_t&) override { return fail("not JSON"); }

  bool start_object(std::size_t) override { return open(CanonicalJson::Kind::object, '{'); }
  bool start_array(std::size_t) override { return open(CanonicalJson::Kind::array, '['); }
  bool key(string_t& name) override {
    pending_name_ = out_.names_.size();
    out_.names_ += name;
    return true;
  }
  bool end_object() override;
  bool end_array() override;

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return fail(fmt::format("not JSON at byte {} of it", position));
  }

 private:
  /// A member or element of something open, by where it stands.
  struct Piece {
    std::size_t name_begin, name_end;
    std::size_t value_begin, value_end;
  };
  struct Frame {
    std::size_t first_piece;
    std::size_t text_begin;
    std::size_t name_begin;  ///< Of the object's own name.
    std::size_t name_end;
  };

  std::string& text() { return out_.text_; }
  bool fail(std::string reason) {
    if (failure_.empty()) failure_ = std::move(reason);
    return false;
  }
  [[nodiscard]] std::string_view name_of(const Piece& piece) const {
    return std::string_view(out_.names_)
        .substr(piece.name_begin, piece.name_end - piece.name_begin);
  }

  template <typename Append>
  bool scalar(const Append& append) {
    const std::size_t begin = text().size();
    const std::size_t name_end = out_.names_.size();
    append();
    if (!add_piece({pending_name_, name_end, begin, text().size()})) return false;
    pending_name_ = name_end;
    return true;
  }

  bool add_piece(const Piece& piece) {
    if (pieces_.size() == CanonicalJson::kMaxValues)
      return fail(fmt::format("more than {} values side by side", CanonicalJson::kMaxValues));
    pieces_.push_back(piece);
    return true;
  }

  template <typename Integer>
  void append_integer(Integer value) {
    const std::string written = std::to_string(value);
    // Up to 2^53 every integer is a double, and looks as ECMAScript writes it.
    if (as_written_ || written.size() <= 15)
      text().append(written);
    else
      append_json_number(text(), static_cast<double>(value), written);
  }

  bool open(CanonicalJson::Kind kind, char bracket) {
    if (frames_.size() == CanonicalJson::kMaxDepth)
      return fail(fmt::format("nested more than {} deep", CanonicalJson::kMaxDepth));
    if (frames_.empty()) out_.kind_ = kind;
    frames_.push_back({pieces_.size(), text().size(), pending_name_, out_.names_.size()});
    pending_name_ = out_.names_.size();
    if (frames_.size() > 1) text().push_back(bracket);
    return true;
  }

  bool close(const Frame& frame);
  void set_parts(const Frame& frame);

  CanonicalJson& out_;
  bool as_written_;
  std::string failure_;
  std::size_t pending_name_ = 0;  ///< Where the name of the next value begins.
  std::vector<Frame> frames_;
  std::vector<Piece> pieces_;
  std::string sorted_;
};

bool CanonicalJsonHandler::end_object() {
  const Frame frame = frames_.back();
  const auto first = pieces_.begin() + static_cast<std::ptrdiff_t>(frame.first_piece);
  std::sort(first, pieces_.end(),
            [&](const Piece& a, const Piece& b) { return utf16_less(name_of(a), name_of(b)); });
  const auto twice = std::adjacent_find(first, pieces_.end(), [&](const Piece& a, const Piece& b) {
    return name_of(a) == name_of(b);
  });
  if (twice != pieces_.end()) return fail("a member's name is there twice");
  if (frames_.size() == 1) {
    set_parts(frame);
    return true;
  }
  sorted_.assign(1, '{');
  for (auto piece = first; piece != pieces_.end(); ++piece) {
    if (piece != first) sorted_.push_back(',');
    append_json_string(sorted_, name_of(*piece));
    sorted_.push_back(':');
    sorted_.append(text(), piece->value_begin, piece->value_end - piece->value_begin);
  }
  sorted_.push_back('}');
  text().replace(frame.text_begin, std::string::npos, sorted_);
  return close(frame);
}

bool CanonicalJsonHandler::end_array() {
  const Frame frame = frames_.back();
  if (frames_.size() == 1) {
    set_parts(frame);
    return true;
  }
  sorted_.assign(1, '[');
  for (std::size_t i = frame.first_piece; i < pieces_.size(); ++i) {
    if (i != frame.first_piece) sorted_.push_back(',');
    sorted_.append(text(), pieces_[i].value_begin, pieces_[i].value_end - pieces_[i].value_begin);
  }
  sorted_.push_back(']');
  text().replace(frame.text_begin, std::string::npos, sorted_);
  return close(frame);
}

/// What was open becomes a piece of what is around it.
bool CanonicalJsonHandler::close(const Frame& frame) {
  pieces_.resize(frame.first_piece);
  if (!add_piece({frame.name_begin, frame.name_end, frame.text_begin, text().size()})) return false;
  out_.names_.resize(frame.name_end);
  pending_name_ = frame.name_end;
  frames_.pop_back();
  return true;
}

void CanonicalJsonHandler::set_parts(const Frame& frame) {
  const std::string_view all = text();
  for (std::size_t i = frame.first_piece; i < pieces_.size(); ++i)
    out_.parts_.push_back(
        {name_of(pieces_[i]),
         all.substr(pieces_[i].value_begin, pieces_[i].value_end - pieces_[i].value_begin)});
  frames_.pop_back();
}

void CanonicalJson::parse(std::string_view text) {
  kind_ = Kind::other;
  text_.clear();
  names_.clear();
  parts_.clear();
  // The library takes a NUL for the end and passes over a byte order mark: what stands behind the
  // one, or in front of the text, would be in no record.
  if (text.find('\0') != std::string_view::npos) throw Error(ErrorKind::input, "a NUL byte in it");
  if (text.starts_with("\xEF\xBB\xBF"))
    throw Error(ErrorKind::input, "a byte order mark in front of it");
  CanonicalJsonHandler handler(*this);
  if (!json::sax_parse(text.begin(), text.end(), &handler))
    throw Error(ErrorKind::input, handler.failure().empty() ? "not JSON" : handler.failure());
}

bool utf16_less(std::string_view a, std::string_view b) {
  const auto [at, bt] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (at == a.end() || bt == b.end()) return at == a.end() && bt != b.end();
  const auto x = static_cast<unsigned char>(*at);
  const auto y = static_cast<unsigned char>(*bt);
  // UTF-8's order is that of code points. It is UTF-16's as well, but for characters beyond U+FFFF
  // (0xF0 and up), whose surrogates come before U+E000 to U+FFFF (0xEE and 0xEF).
  const auto rank = [](unsigned char c) { return c >= 0xF0 ? 1 : c >= 0xEE ? 2 : 0; };
  return rank(x) == rank(y) ? x < y : rank(x) != 0 && rank(y) != 0 ? rank(x) < rank(y) : x < y;
}

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"': out.append("\\\""); break;
      case '\\': out.append("\\\\"); break;
      case '\b': out.append("\\b"); break;
      case '\t': out.append("\\t"); break;
      case '\n': out.append("\\n"); break;
      case '\f': out.append("\\f"); break;
      case '\r': out.append("\\r"); break;
      default:
        if (byte < 0x20)
          out.append("\\u00").append({digits[byte >> 4], digits[byte & 15]});
        else
          out.push_back(c);
    }
  }
  out.push_back('"');
}

}  // namespace salus::trial
