// Answers, as the server sends them; those that tell of a problem follow RFC 9457.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace salus::node::api {

struct Reply {
  unsigned status = 200;
  std::string_view content_type;  ///< A literal.
  std::string body;
  std::vector<std::pair<std::string_view, std::string>> fields;  ///< More header fields.
};

/// application/problem+json. `reason` is for programs and never changes: it is the last part of
/// the problem's type and stands by itself as "reason". `detail` is for people; what came from
/// outside is not repeated in it.
Reply problem(unsigned status, std::string_view reason, std::string_view detail);

/// The phrase of RFC 9110 for the statuses that the API uses.
std::string_view status_phrase(unsigned status);

}  // namespace salus::node::api
