#include "engine/manifest/line.h"

#include <algorithm>

namespace salus::manifest {
namespace {

constexpr std::string_view kTag = "SHA256";
constexpr std::size_t kHexLength = 64;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view skip_blanks(std::string_view text) {
  const auto first = std::find_if_not(text.begin(), text.end(), is_blank);
  return text.substr(static_cast<std::size_t>(first - text.begin()));
}

/// Names are C strings to the operating system, so one that holds a NUL ends there.
std::string_view until_nul(std::string_view text) { return text.substr(0, text.find('\0')); }

bool unescape(std::string_view text, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\0') return false;
    if (c == '\\') {
      if (++i == text.size()) return false;
      if (text[i] == 'n')
        c = '\n';
      else if (text[i] == 'r')
        c = '\r';
      else if (text[i] != '\\')
        return false;
    }
    out.push_back(c);
  }
  return true;
}

bool take_name(std::string_view text, bool escaped, std::string& out) {
  if (escaped) return unescape(text, out);
  out = until_nul(text);
  return true;
}

/// What stands behind "SHA256": " (name) = DIGEST", where blanks are optional.
bool parse_tagged(std::string_view rest, bool escaped, Entry& entry) {
  if (rest.starts_with(' ')) rest.remove_prefix(1);
  if (!rest.starts_with('(')) return false;
  rest.remove_prefix(1);
  // The name may hold parentheses itself: the last one closes it.
  const std::size_t close = rest.rfind(')');
  if (close == std::string_view::npos) return false;
  std::string_view digest = skip_blanks(rest.substr(close + 1));
  if (!digest.starts_with('=')) return false;
  digest = skip_blanks(digest.substr(1));
  const std::optional<Digest> value = digest_from_hex(digest);
  if (!value || !take_name(rest.substr(0, close), escaped, entry.name)) return false;
  entry.digest = *value;
  entry.binary = false;
  return true;
}

void append_hex(std::string& out, const Digest& digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  char hex[kHexLength];
  for (std::size_t i = 0; i < digest.size(); ++i) {
    hex[2 * i] = digits[digest[i] >> 4];
    hex[2 * i + 1] = digits[digest[i] & 15];
  }
  out.append(hex, kHexLength);
}

}  // namespace

LineKind LineParser::parse(std::string_view line, Entry& entry) {
  if (line.starts_with('#')) return LineKind::ignored;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) return LineKind::ignored;

  line = skip_blanks(line);
  const bool escaped = line.starts_with('\\');
  if (escaped) line.remove_prefix(1);
  const bool good = line.starts_with(kTag) ? parse_tagged(line.substr(kTag.size()), escaped, entry)
                                           : parse_untagged(line, escaped, entry);
  return good ? LineKind::entry : LineKind::malformed;
}

bool LineParser::parse_untagged(std::string_view rest, bool escaped, Entry& entry) {
  // Digest, one blank, and a name of at least one byte.
  if (rest.size() < kHexLength + 2) return false;
  if (!is_blank(rest[kHexLength])) return false;
  const std::optional<Digest> digest = digest_from_hex(rest.substr(0, kHexLength));
  if (!digest) return false;

  std::string_view name = rest.substr(kHexLength + 1);
  bool binary = false;
  if (name.size() == 1 || (name[0] != ' ' && name[0] != '*')) {
    if (style_ == Style::standard) return false;
    style_ = Style::reversed;
  } else if (style_ != Style::reversed) {
    style_ = Style::standard;
    binary = name[0] == '*';
    name.remove_prefix(1);
  }
  if (!take_name(name, escaped, entry.name)) return false;
  entry.digest = *digest;
  entry.binary = binary;
  return true;
}

bool needs_escape(std::string_view name) {
  return std::any_of(name.begin(), name.end(),
                     [](char c) { return c == '\\' || c == '\n' || c == '\r'; });
}

void append_escaped(std::string& out, std::string_view name) {
  for (const char c : name) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else
      out.push_back(c);
  }
}

void append_line(std::string& out, const Digest& digest, std::string_view name, LineStyle style) {
  const bool escape = !style.zero && needs_escape(name);
  const auto append_name = [&] { escape ? append_escaped(out, name) : void(out.append(name)); };
  if (escape) out.push_back('\\');
  if (style.tagged) {
    out.append(kTag).append(" (");
    append_name();
    out += ") = ";
    append_hex(out, digest);
  } else {
    append_hex(out, digest);
    out += style.binary ? " *" : "  ";
    append_name();
  }
  out.push_back(style.zero ? '\0' : '\n');
}

}  // namespace salus::manifest
