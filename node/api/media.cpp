#include "node/api/media.h"

#include <array>
#include <cstdlib>

#include "node/api/text.h"

namespace salus::node::api {
namespace {

constexpr int kFullQuality = 1000;

/// "0.5" in thousandths (RFC 9110, 12.4.2); nothing for what is no such number.
std::optional<int> quality(std::string_view text) {
  const std::string_view whole = take_until(text, '.');
  if (whole != "0" && whole != "1") return std::nullopt;
  if (text.size() > 3) return std::nullopt;
  int thousandths = whole == "1" ? kFullQuality : 0;
  int step = kFullQuality;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    step /= 10;
    thousandths += (digit - '0') * step;
  }
  return thousandths <= kFullQuality ? std::optional(thousandths) : std::nullopt;
}

/// Of a range's parameters; 1 where none is given, 0 where it cannot be read.
int quality_of(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view parameter = trimmed(take_until(parameters, ';'));
    if (equals_ignoring_case(trimmed(take_until(parameter, '=')), "q"))
      return quality(trimmed(parameter)).value_or(0);
  }
  return kFullQuality;
}

/// What is known of one format: the most specific range that names it counts.
struct Wish {
  int specificity = -1;
  int quality = 0;

  void learn(int how_specific, int how_welcome) {
    if (how_specific < specificity) return;
    specificity = how_specific;
    quality = how_welcome;
  }
};

}  // namespace

std::string_view media_type(Format format) {
  switch (format) {
    case Format::json: return "application/json";
    case Format::cbor: return "application/cbor";
  }
  std::abort();  // not one of them: a number cast by mistake
}

std::optional<Format> choose_format(std::string_view accept) {
  if (trimmed(accept).empty()) return Format::json;
  Wish json;
  Wish cbor;
  while (!accept.empty()) {
    std::string_view parameters = take_until(accept, ',');
    const std::string_view range = trimmed(take_until(parameters, ';'));
    const int welcome = quality_of(parameters);
    if (equals_ignoring_case(range, media_type(Format::json))) json.learn(2, welcome);
    if (equals_ignoring_case(range, media_type(Format::cbor))) cbor.learn(2, welcome);
    for (Wish* wish : {&json, &cbor}) {
      if (equals_ignoring_case(range, "application/*")) wish->learn(1, welcome);
      if (range == "*/*") wish->learn(0, welcome);
    }
  }
  if (json.quality == 0 && cbor.quality == 0) return std::nullopt;
  return cbor.quality > json.quality ? Format::cbor : Format::json;
}

bool may_hold_statements(std::string_view content_type) {
  const std::string_view type = trimmed(take_until(content_type, ';'));
  if (type.empty()) return true;
  constexpr std::array<std::string_view, 3> kTaken{"application/cose", "application/cbor",
                                                   "application/cbor-seq"};
  for (const std::string_view taken : kTaken)
    if (equals_ignoring_case(type, taken)) return true;
  return false;
}

}  // namespace salus::node::api
