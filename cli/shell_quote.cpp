#include "cli/shell_quote.h"

#include <fmt/format.h>

#include <clocale>
#include <cwchar>
#include <cwctype>

namespace salus::cli {
namespace {

constexpr std::string_view kPlain =
    "%+,-./0123456789@ABCDEFGHIJKLMNOPQRSTUVWXYZ]_abcdefghijklmnopqrstuvwxyz{}#~";

/// The user's locale for this thread, while it lives.
class UserLocale {
 public:
  UserLocale() : locale_(newlocale(LC_CTYPE_MASK, "", nullptr)) {
    if (locale_ != nullptr) before_ = uselocale(locale_);
  }
  ~UserLocale() {
    if (locale_ == nullptr) return;
    uselocale(before_);
    freelocale(locale_);
  }
  UserLocale(const UserLocale&) = delete;
  UserLocale& operator=(const UserLocale&) = delete;

 private:
  locale_t locale_;
  locale_t before_ = nullptr;
};

/// Bytes of the printable character that `text` begins with; 0 when there is none.
std::size_t printable_length(std::string_view text) {
  std::mbstate_t state{};
  wchar_t character = 0;
  const std::size_t length = std::mbrtowc(&character, text.data(), text.size(), &state);
  if (length == 0 || length > text.size()) return 0;
  return std::iswprint(static_cast<std::wint_t>(character)) != 0 ? length : 0;
}

std::string escape(char c) {
  switch (c) {
    case '\a': return "\\a";
    case '\b': return "\\b";
    case '\t': return "\\t";
    case '\n': return "\\n";
    case '\v': return "\\v";
    case '\f': return "\\f";
    case '\r': return "\\r";
    default: return fmt::format("\\{:03o}", static_cast<unsigned char>(c));
  }
}

bool is_plain_word(std::string_view name) {
  if (name.empty() || name == "{" || name == "}" || name[0] == '#' || name[0] == '~') return false;
  for (std::size_t i = 0; i < name.size();) {
    const std::size_t length = printable_length(name.substr(i));
    if (length == 0) return false;
    if (length == 1 && kPlain.find(name[i]) == std::string_view::npos) return false;
    i += length;
  }
  return true;
}

/// Whether "..." around it is enough, which reads better when the name has single quotes.
bool fits_double_quotes(std::string_view name) {
  if (name.find('\'') == std::string_view::npos) return false;
  for (std::size_t i = 0; i < name.size();) {
    const std::size_t length = printable_length(name.substr(i));
    const bool harmless = name[i] == ' ' || name[i] == '\'' || name[i] == ':';
    if (length == 0) return false;
    if (length == 1 && !harmless && kPlain.find(name[i]) == std::string_view::npos) return false;
    i += length;
  }
  return true;
}

std::string single_quoted(std::string_view name) {
  std::string out = "'";
  bool escaping = false;
  for (std::size_t i = 0; i < name.size();) {
    const std::size_t length = printable_length(name.substr(i));
    if ((length == 0) != escaping) {
      out += escaping ? "''" : "'$'";
      escaping = !escaping;
    }
    if (length == 0) {
      out += escape(name[i++]);
    } else if (name[i] == '\'') {
      out += "'\\''";
      ++i;
    } else {
      out.append(name.substr(i, length));
      i += length;
    }
  }
  return out + "'";
}

}  // namespace

std::string shell_quote(std::string_view name) {
  const UserLocale locale;
  if (is_plain_word(name)) return std::string(name);
  if (fits_double_quotes(name)) return fmt::format("\"{}\"", name);
  return single_quoted(name);
}

}  // namespace salus::cli
