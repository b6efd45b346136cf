#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>

#include "node/statement/plain_text.h"
#include "node/statement/senml.h"
#include "node/statement/senml_labels.h"

namespace salus::node {
namespace {

namespace labels = senml_labels;

/// Fields of RFC 8428 by their names in JSON, which nobody may use as labels in CBOR: one reader
/// would take them for the field, another for an extension.
constexpr std::array<std::string_view, 15> kJsonNames = {
    "bver", "bn", "bt", "bu", "bv", "bs", "n", "u", "v", "vs", "vb", "s", "t", "ut", "vd"};

/// A record has at most these, and room for extensions.
constexpr std::uint64_t kMaxFields = 64;

constexpr bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// RFC 8428, 4.5.1. '-', '.', '/', the digits and ':' follow one another in ASCII.
constexpr bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '-' && c <= ':') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// By byte, because names are most of what a pack holds.
constexpr std::array<bool, 256> kIsNameCharacter = [] {
  std::array<bool, 256> table{};
  for (unsigned byte = 0; byte < table.size(); ++byte)
    table[byte] = is_name_character(static_cast<char>(byte));
  return table;
}();

bool is_name(std::string_view text) {
  bool is_name = true;  // without an end in between: what is wrong is rare
  for (const char c : text) is_name &= kIsNameCharacter[static_cast<std::uint8_t>(c)];
  return is_name;
}

/// The number that IEEE 754's binary16 bits stand for: the fraction and the exponent of a binary64
/// are 42 bits longer, and 1008 more.
double from_half_bits(std::uint64_t bits) {
  constexpr double kLeast = 0x1p-24;  // of those without a leading 1
  const std::uint64_t exponent = bits >> 10 & 0x1fU;
  const std::uint64_t fraction = bits & 0x3ffU;
  const double size = exponent == 0 ? static_cast<double>(fraction) * kLeast
                      : exponent == 31
                          ? (fraction == 0 ? INFINITY : NAN)
                          : std::bit_cast<double>((exponent + 1008) << 52 | fraction << 42);
  return (bits & 0x8000U) != 0 ? -size : size;
}

}  // namespace

SenmlReader::SenmlReader(Bytes payload)
    : cursor_(payload), left_(cursor_.array()), empty_(left_ == 0) {}

const SenmlRecord* SenmlReader::next() {
  if (left_ == 0 || cursor_.failed()) return nullptr;
  read_record();
  if (cursor_.failed()) return nullptr;
  --left_;
  return &record_;
}

void SenmlReader::read_record() {
  record_ = {};
  const std::uint64_t fields = cursor_.map();
  if (fields > kMaxFields) return fail();
  unsigned seen = 0;
  for (std::uint64_t i = 0; i < fields && !cursor_.failed(); ++i) read_field(seen);
  if (record_.base_name) base_name_ = *record_.base_name;
  // Base fields may have a record to themselves (RFC 8428, 5.3); any other has a value or a sum.
  constexpr unsigned kBaseFields = (1U << (labels::kName - labels::kFirst)) - 1;
  if (seen != 0 && (seen & ~kBaseFields) == 0) return;
  check_name();
  if (!record_.is_measurement()) fail();
}

void SenmlReader::read_field(unsigned& seen) {
  constexpr std::uint64_t kMostArgument = 8;
  static_assert(labels::kLast <= kMostArgument && -1 - labels::kFirst <= kMostArgument);
  const CborHead head = cursor_.head();
  if (head.major == CborMajor::text_string) return skip_extension(head.argument);
  if (head.major > CborMajor::negative_integer || head.argument > kMostArgument) return fail();
  const auto argument = static_cast<std::int64_t>(head.argument);
  const std::int64_t label = head.major == CborMajor::negative_integer ? -1 - argument : argument;
  if (label < labels::kFirst) return fail();
  read_known_field(label, seen);
}

void SenmlReader::read_known_field(std::int64_t label, unsigned& seen) {
  const unsigned bit = 1U << (label - labels::kFirst);
  if ((seen & bit) != 0) return fail();
  seen |= bit;
  const bool is_value = label == labels::kValue || label == labels::kStringValue ||
                        label == labels::kBooleanValue || label == labels::kDataValue;
  if (is_value && !std::holds_alternative<std::monostate>(record_.value)) return fail();
  switch (label) {
    case labels::kBaseVersion: return read_version();
    case labels::kBaseName: record_.base_name = name_part(); return;
    case labels::kBaseTime: record_.base_time = number(); return;
    case labels::kBaseUnit: record_.base_unit = unit(); return;
    case labels::kBaseValue: record_.base_value = number(); return;
    case labels::kBaseSum: record_.base_sum = number(); return;
    case labels::kName: record_.name = name_part(); return;
    case labels::kUnit: record_.unit = unit(); return;
    case labels::kValue: record_.value = number(); return;
    case labels::kStringValue: record_.value = text(); return;
    case labels::kBooleanValue: record_.value = truth(); return;
    case labels::kDataValue: record_.value = cursor_.byte_string(); return;
    case labels::kSum: record_.sum = number(); return;
    case labels::kTime: record_.time = number(); return;
    case labels::kUpdateTime: record_.update_time = number(); return;
    default: fail();
  }
}

/// A field that is not ours, unless its name says that it must be understood (RFC 8428, 4.4).
void SenmlReader::skip_extension(std::uint64_t label_bytes) {
  const Bytes bytes = cursor_.take(label_bytes);
  const std::string_view label(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const bool is_extension = is_plain_text(label, kMaxSenmlNameBytes) && !label.ends_with('_') &&
                            std::ranges::find(kJsonNames, label) == kJsonNames.end();
  if (!is_extension) return fail();
  cursor_.item();
}

void SenmlReader::read_version() {
  const std::uint64_t version = cursor_.unsigned_integer();
  if (version == 0 || version > kSenmlVersion) return fail();
  record_.base_version = version;
}

/// An integer, a floating-point number or a decimal fraction (RFC 8428, 6), and finite.
double SenmlReader::number() {
  constexpr std::uint64_t kDecimalFraction = 4;
  const CborHead head = cursor_.head();
  switch (head.major) {
    case CborMajor::unsigned_integer: return static_cast<double>(head.argument);
    case CborMajor::negative_integer: return -1 - static_cast<double>(head.argument);
    case CborMajor::tag:
      if (head.argument == kDecimalFraction) return decimal_fraction();
      break;
    case CborMajor::simple: return floating_point(head);
    default: break;
  }
  return fail(), 0;
}

double SenmlReader::floating_point(CborHead head) {
  const double value = head.width == 8 ? std::bit_cast<double>(head.argument)
                       : head.width == 4
                           ? std::bit_cast<float>(static_cast<std::uint32_t>(head.argument))
                       : head.width == 2 ? from_half_bits(head.argument)
                                         : NAN;
  if (!std::isfinite(value)) return fail(), 0;
  return value;
}

/// [exponent, mantissa] (RFC 8949, 3.4.4), as the number nearest to it.
double SenmlReader::decimal_fraction() {
  // Beyond these everything is 0 or infinite, whatever the mantissa.
  constexpr std::int64_t kLeastExponent = -400;
  constexpr std::int64_t kLargestExponent = 400;
  constexpr std::size_t kLongestMantissa = 20;  // "-9223372036854775808"
  constexpr std::size_t kLongestExponent = 5;   // "e-400"
  if (cursor_.array() != 2) return fail(), 0;
  const std::int64_t exponent = cursor_.integer();
  const std::int64_t mantissa = cursor_.integer();
  if (exponent < kLeastExponent || exponent > kLargestExponent) return fail(), 0;
  // By way of text, because a product with a power of ten would be rounded twice.
  std::array<char, kLongestMantissa + kLongestExponent> text;
  const auto written = std::to_chars(text.begin(), text.begin() + kLongestMantissa, mantissa);
  *written.ptr = 'e';
  const char* const end = std::to_chars(written.ptr + 1, text.end(), exponent).ptr;
  double value = 0;
  const std::from_chars_result result = std::from_chars(text.begin(), end, value);
  // Too small for a double is as good as 0, too large is not finite.
  if (result.ec == std::errc::result_out_of_range) return exponent > 0 ? (fail(), 0) : 0;
  return value;
}

std::string_view SenmlReader::name_part() {
  const std::string_view name = cursor_.text_string();
  if (!is_name(name)) fail();
  return name;
}

std::string_view SenmlReader::unit() {
  const std::string_view unit = cursor_.text_string();
  if (!unit.empty() && !is_plain_text(unit, kMaxSenmlUnitBytes)) fail();
  return unit;
}

std::string_view SenmlReader::text() {
  const std::string_view text = cursor_.text_string();
  if (!is_utf8(text)) fail();
  return text;
}

bool SenmlReader::truth() {
  const CborHead head = cursor_.head();
  const bool is_truth = head.major == CborMajor::simple && head.width == 0 &&
                        (head.argument == kCborFalse || head.argument == kCborTrue);
  if (!is_truth) fail();
  return head.argument == kCborTrue;
}

/// RFC 8428, 4.5.1: the concatenated name begins with a letter or digit.
void SenmlReader::check_name() {
  const std::string_view start = base_name_.empty() ? record_.name : base_name_;
  if (start.empty() || !is_alphanumeric(start.front()) ||
      base_name_.size() + record_.name.size() > kMaxSenmlNameBytes)
    fail();
}

/// In one piece: every statement that comes in, and that is in a block, goes through here.
[[gnu::flatten]] bool is_senml_pack(Bytes payload) {
  SenmlReader reader(payload);
  while (reader.next() != nullptr) {
  }
  return reader.is_complete();
}

}  // namespace salus::node
