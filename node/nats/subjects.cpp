#include "node/nats/subjects.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace salus::node::nats {
namespace {

/// Takes the first token off.
std::string_view next_token(std::string_view& rest) {
  const std::size_t dot = rest.find('.');
  const std::string_view token = rest.substr(0, dot);
  rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
  return token;
}

bool is_well_formed(std::string_view text, bool may_have_wildcards) {
  if (text.empty() || text.size() > kMaxSubjectBytes || text.back() == '.') return false;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view token = next_token(rest);
    const bool is_wildcard = token == "*" || (token == ">" && rest.empty());
    const bool is_plain = !token.empty() && std::all_of(token.begin(), token.end(), [](char c) {
      return c > ' ' && c < 0x7F && c != '*' && c != '>';
    });
    if (!is_plain && !(is_wildcard && may_have_wildcards)) return false;
  }
  return true;
}

bool read_number(std::string_view text, std::uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

bool is_subject(std::string_view text) { return is_well_formed(text, false); }
bool is_subject_pattern(std::string_view text) { return is_well_formed(text, true); }

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxNameBytes &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

bool covers(std::string_view wider, std::string_view pattern) {
  while (!wider.empty() && !pattern.empty()) {
    const std::string_view a = next_token(wider);
    const std::string_view b = next_token(pattern);
    if (a == ">") return true;
    if (b == ">" || (a != "*" && a != b)) return false;
  }
  return wider.empty() && pattern.empty();
}

bool overlap(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::string_view in_a = next_token(a);
    const std::string_view in_b = next_token(b);
    if (in_a == ">" || in_b == ">") return true;
    if (in_a != "*" && in_b != "*" && in_a != in_b) return false;
  }
  return a.empty() && b.empty();
}

std::optional<AckSubject> parse_ack_subject(std::string_view subject) {
  constexpr std::string_view kPrefix = "$JS.ACK.";
  constexpr std::size_t kTokens = 7;       // behind the prefix, in the form without a domain
  constexpr std::size_t kMostTokens = 10;  // with domain, account and a random one
  if (!subject.starts_with(kPrefix)) return std::nullopt;
  std::array<std::string_view, kMostTokens> tokens;
  std::size_t count = 0;
  for (std::string_view rest = subject.substr(kPrefix.size()); !rest.empty(); ++count) {
    if (count == kMostTokens) return std::nullopt;
    tokens[count] = next_token(rest);
  }
  if (count != kTokens && count < kTokens + 2) return std::nullopt;
  const std::size_t first = count == kTokens ? 0 : 2;
  AckSubject ack;
  ack.stream = tokens[first];
  ack.consumer = tokens[first + 1];
  const bool is_read = read_number(tokens[first + 2], ack.deliveries) &&
                       read_number(tokens[first + 3], ack.stream_sequence) &&
                       read_number(tokens[first + 6], ack.backlog);
  return is_read ? std::optional(ack) : std::nullopt;
}

}  // namespace salus::node::nats
