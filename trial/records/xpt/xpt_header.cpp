#include "trial/records/xpt/xpt_header.h"

#include <array>
#include <charconv>

namespace salus::trial::xpt {
namespace {

// Record layouts: SAS technical support, TS-140 (version 5) and its counterpart for version 8.
constexpr std::string_view kHeaderBegin = "HEADER RECORD*******";
constexpr std::string_view kHeaderMiddle = "HEADER RECORD!!!!!!!";
constexpr std::size_t kHeaderNumbers = 48;  // where those behind kHeaderMiddle begin
constexpr std::size_t kHeaderName = 8;

constexpr std::uint32_t kMostVariables = 32'767;
/// A longer observation is an error, so that memory stays bounded whatever comes.
constexpr std::uint32_t kLongestObservation = std::uint32_t{64} << 20;
constexpr std::size_t kNamestr = 140;
constexpr std::size_t kNamestrVax = 136;

struct HeaderNames {
  std::string_view library, member, descriptor, namestr, observations;
};
constexpr HeaderNames kNames5 = {"LIBRARY ", "MEMBER  ", "DSCRPTR ", "NAMESTR ", "OBS     "};
constexpr HeaderNames kNames8 = {"LIBV8   ", "MEMBV8  ", "DSCPTV8 ", "NAMSTV8 ", "OBSV8   "};

const HeaderNames& names_of(Version version) { return version == Version::v5 ? kNames5 : kNames8; }

bool is_header(std::string_view record, std::string_view name) {
  return record.starts_with(kHeaderBegin) && record.substr(kHeaderBegin.size()).starts_with(name) &&
         record.substr(kHeaderBegin.size() + kHeaderName).starts_with(kHeaderMiddle);
}

using Record = std::array<char, kRecord>;

std::string_view view_of(const Record& record) { return {record.data(), record.size()}; }

Record read_record(InputStream& file) {
  Record record;
  if (file.read(record) != record.size()) throw file.fault("the transport file ends in its header");
  return record;
}

Record expect_header(InputStream& file, std::string_view name) {
  const std::uint64_t at = file.position();
  const Record record = read_record(file);
  if (!is_header(view_of(record), name))
    throw file.fault("has no " + std::string(name.substr(0, name.find(' '))) + " header at byte " +
                     std::to_string(at));
  return record;
}

/// The digits, blanks around them allowed; 0 where there are none.
std::uint64_t number_at(const InputStream& file, std::string_view digits) {
  const std::size_t begin = digits.find_first_not_of(' ');
  if (begin == std::string_view::npos) return 0;
  digits = digits.substr(begin, digits.find_last_not_of(' ') + 1 - begin);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size())
    throw file.fault("a number in its header is none");
  return value;
}

std::string trimmed(std::string_view text) {
  const std::size_t last = text.find_last_not_of(std::string_view(" \0", 2));
  return std::string(text.substr(0, last == std::string_view::npos ? 0 : last + 1));
}

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

/// One NAMESTR structure; its position is checked by the caller.
Variable read_variable(const InputStream& file, std::string_view namestr, Version version) {
  Variable out;
  const std::uint32_t type = big_endian(namestr.substr(0, 2));
  out.length = big_endian(namestr.substr(4, 2));
  out.name = trimmed(namestr.substr(8, 8));
  if (version == Version::v8) {
    std::string long_name = trimmed(namestr.substr(88, 32));
    if (!long_name.empty()) out.name = std::move(long_name);
  }
  out.position = big_endian(namestr.substr(84, 4));
  out.numeric = type == 1;
  if (type != 1 && type != 2)
    throw file.fault("a variable is neither a number nor text in its header");
  if (out.numeric && (out.length < 2 || out.length > 8))
    throw file.fault("a number has " + std::to_string(out.length) + " bytes in its header");
  return out;
}

/// Variables lie side by side in their order. Some writers leave all positions at 0.
void check_positions(const InputStream& file, Member& member) {
  bool told = false;
  for (const Variable& variable : member.variables) told |= variable.position != 0;
  for (Variable& variable : member.variables) {
    if (told && variable.position != member.length)
      throw file.fault("variables do not lie side by side in its header");
    variable.position = member.length;
    member.length += variable.length;
    if (member.length > kLongestObservation)
      throw file.fault("has observations of more than 64 MiB in its header");
  }
}

void read_variables(InputStream& file, Version version, std::size_t namestr_bytes,
                    std::uint64_t count, Member& member) {
  const std::size_t bytes = count * namestr_bytes;
  std::string namestrs((bytes + kRecord - 1) / kRecord * kRecord, '\0');
  if (file.read(namestrs) != namestrs.size())
    throw file.fault("the transport file ends in its header");
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto namestr = std::string_view(namestrs).substr(i * namestr_bytes, namestr_bytes);
    member.variables.push_back(read_variable(file, namestr, version));
  }
  check_positions(file, member);
}

/// Passes over long labels (version 8) up to the observations.
Record find_observations(InputStream& file, Version version) {
  if (version == Version::v5) return expect_header(file, kNames5.observations);
  for (;;) {
    const Record record = read_record(file);
    if (is_header(view_of(record), kNames8.observations)) return record;
  }
}

}  // namespace

std::optional<Version> version_of(std::string_view beginning) {
  if (is_header(beginning, kNames5.library)) return Version::v5;
  if (is_header(beginning, kNames8.library)) return Version::v8;
  return std::nullopt;
}

bool is_member_header(std::string_view record, Version version) {
  return is_header(record, names_of(version).member);
}

void read_library_header(InputStream& file, Version version) {
  const Record record = read_record(file);
  if (version_of(view_of(record)) != version)
    throw file.fault("is no SAS transport file of version " +
                     std::string(version == Version::v5 ? "5" : "8"));
  read_record(file);  // system and time of its making, and
  read_record(file);  // of its last change: no part of the data
}

Member read_member(InputStream& file, Version version) {
  const HeaderNames& names = names_of(version);
  const Record begin = expect_header(file, names.member);
  const std::uint64_t namestr_bytes = number_at(file, view_of(begin).substr(73, 5));
  if (namestr_bytes != kNamestr && namestr_bytes != kNamestrVax)
    throw file.fault("describes variables in " + std::to_string(namestr_bytes) + " bytes each");
  expect_header(file, names.descriptor);
  Member member;
  const Record about = read_record(file);
  member.dataset = trimmed(view_of(about).substr(8, version == Version::v5 ? 8 : 32));
  read_record(file);  // time of the last change, label and type
  const Record variables = expect_header(file, names.namestr);
  const std::uint64_t count = number_at(file, view_of(variables).substr(kHeaderNumbers, 10));
  if (count > kMostVariables)
    throw file.fault("has " + std::to_string(count) + " variables in its header");
  read_variables(file, version, namestr_bytes, count, member);
  const Record observations = find_observations(file, version);
  if (version == Version::v8) {
    const std::uint64_t told = number_at(file, view_of(observations).substr(kHeaderNumbers, 15));
    if (told != 0) member.count = told;
  }
  return member;
}

}  // namespace salus::trial::xpt
