#include "trial/seal/sums.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <iterator>
#include <utility>

#include "engine/error.h"
#include "engine/manifest/line.h"
#include "trial/seal/large_pages.h"

namespace salus::trial {
namespace {

constexpr std::string_view kFormatLine = "# salus-trial-seal/";
constexpr std::string_view kOrigin = "# origin ";
constexpr std::string_view kSealed = "# sealed ";
constexpr std::string_view kTool = "# tool ";
constexpr std::string_view kNote = "# note ";
constexpr std::string_view kExclude = "# exclude ";
constexpr std::string_view kCells = "# cells";
constexpr std::string_view kSection = "# section ";
constexpr std::string_view kChunks = "# chunks rfc9162-sha256 ";
constexpr std::string_view kRecords = "# records ";

constexpr std::size_t kMaxPath = 4095;  // PATH_MAX counts the NUL
constexpr std::size_t kMaxName = 255;   // of an origin, a tool or a canonical form
constexpr std::uint64_t kMaxChunks = std::uint64_t{1} << 43;  // of a file of 8 EiB
constexpr std::size_t kHexLength = 2 * sizeof(Digest);

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Printable bytes, and those of characters that are not ASCII.
bool is_one_line(std::string_view text) {
  return !text.empty() && text.size() <= kMaxName &&
         std::all_of(text.begin(), text.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte >= 0x20 && byte != 0x7f;
         });
}

bool is_word(std::string_view text) {
  return is_one_line(text) && text.find(' ') == std::string_view::npos;
}

bool is_free_text(std::string_view text) {
  return !text.empty() && text.size() <= kMaxSumsText && text.find('\0') == std::string_view::npos;
}

/// The reverse of `manifest::append_escaped`; nothing for text that it does not write.
std::optional<std::string> unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') return std::nullopt;
    if (text[i] != '\\') {
      out.push_back(text[i]);
      continue;
    }
    if (++i == text.size()) return std::nullopt;
    if (text[i] == '\\')
      out.push_back('\\');
    else if (text[i] == 'n')
      out.push_back('\n');
    else if (text[i] == 'r')
      out.push_back('\r');
    else
      return std::nullopt;
  }
  return out;
}

/// Takes `prefix` off the front of `text`, if it is there.
bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Takes a decimal number without leading zeros off the front of `text`.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto length = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || (length > 1 && text[0] == '0')) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

/// The value of each digit of lower case, -1 for any other byte.
constexpr std::array<std::int8_t, 256> kDigitValues = [] {
  std::array<std::int8_t, 256> out{};
  out.fill(-1);
  for (int i = 0; i < 16; ++i)
    out[static_cast<unsigned char>("0123456789abcdef"[i])] = static_cast<std::int8_t>(i);
  return out;
}();

/// Takes 64 digits of lower case off the front of `text`.
std::optional<Digest> take_digest(std::string_view& text) {
  if (text.size() < kHexLength) return std::nullopt;
  Digest out;
  int all = 0;  // negative once a digit is none
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = kDigitValues[static_cast<unsigned char>(text[2 * i])];
    const int low = kDigitValues[static_cast<unsigned char>(text[2 * i + 1])];
    all |= high | low;
    out[i] = static_cast<std::uint8_t>(16 * (high & 15) + (low & 15));
  }
  if (all < 0) return std::nullopt;
  text.remove_prefix(kHexLength);
  return out;
}

/// "COUNT ROOT  PATH", where the path is that of the file before.
bool take_tree(std::string_view& text, std::uint64_t& count, Digest& root,
               const std::string& path) {
  const auto number = take_number(text);
  if (!number || !take(text, " ")) return false;
  const auto digest = take_digest(text);
  if (!digest || !take(text, "  ")) return false;
  count = *number;
  root = *digest;
  return unescaped(text) == path;
}

std::optional<ChunkCommitment> parse_chunks(std::string_view text, const std::string& path) {
  ChunkCommitment out;
  const auto bytes = take_number(text);
  if (bytes != kChunkBytes || !take(text, " ")) return std::nullopt;
  out.chunk_bytes = *bytes;
  if (!take_tree(text, out.count, out.root, path) || out.count < 2 || out.count > kMaxChunks)
    return std::nullopt;
  return out;
}

std::optional<RecordCommitment> parse_records(std::string_view text, const std::string& path) {
  RecordCommitment out;
  out.canonical_form = text.substr(0, text.find(' '));
  text.remove_prefix(out.canonical_form.size());
  if (!is_word(out.canonical_form) || !take(text, " ")) return std::nullopt;
  if (!take_tree(text, out.count, out.root, path)) return std::nullopt;
  return out;
}

/// Digest and path of a file's own line.
bool parse_file(std::string_view line, SealedFile& out) {
  const bool escaped = take(line, "\\");
  const auto digest = take_digest(line);
  if (!digest || !take(line, "  ")) return false;
  out.digest = *digest;
  if (escaped) {
    auto path = unescaped(line);
    if (!path) return false;
    out.path = std::move(*path);
  } else {
    out.path = line;
  }
  return escaped == manifest::needs_escape(out.path) && is_sealable_path(out.path);
}

/// Reads the text line by line.
class SumsReader {
 public:
  explicit SumsReader(std::string_view text) : rest_(text) {}

  Seal read() {
    read_header();
    // At most: some lines are comments. What is not there cannot make this large.
    seal_.files.reserve(static_cast<std::size_t>(std::count(rest_.begin(), rest_.end(), '\n')));
    prefer_large_pages(seal_.files.data(), seal_.files.capacity() * sizeof(SealedFile));
    while (next()) {
      if (line_.starts_with('#'))
        read_section();
      else
        read_file();
    }
    check_unique();
    return std::move(seal_);
  }

  SealHeader header() {
    read_header();
    return std::move(seal_.header);
  }

 private:
  [[noreturn]] void refuse(std::string_view what) const {
    throw Error(ErrorKind::input, std::string(kSumsFile) + ": line " + std::to_string(number_) +
                                      ": " + std::string(what));
  }

  /// Goes to the next line; false at the end.
  bool next() {
    if (rest_.empty()) return false;
    ++number_;
    const std::size_t length = rest_.find('\n');
    if (length == std::string_view::npos) refuse("has no newline at its end");
    if (length > kMaxSumsLine) refuse("is too long");
    line_ = rest_.substr(0, length);
    rest_.remove_prefix(length + 1);
    return true;
  }

  /// Goes to the next line if it begins so.
  bool next_begins(std::string_view prefix) { return rest_.starts_with(prefix) && next(); }

  std::string text_after(std::string_view prefix, bool (*is_good)(std::string_view)) {
    if (!next_begins(prefix)) {
      ++number_;
      refuse("does not begin with \"" + std::string(prefix) + "\"");
    }
    const std::string_view text = line_.substr(prefix.size());
    if (!is_good(text)) refuse("is malformed");
    return std::string(text);
  }

  std::string free_text(std::string_view prefix) const {
    auto text = unescaped(line_.substr(prefix.size()));
    if (!text || !is_free_text(*text)) refuse("is malformed");
    return std::move(*text);
  }

  void read_format() {
    if (!next() || !line_.starts_with(kFormatLine)) {
      number_ = 1;
      refuse("this is no seal of salus: it does not begin with \"" + std::string(kFormatLine) +
             "\"");
    }
    if (line_.substr(2) != kSealFormat)
      refuse("is of a seal of another version, \"" + std::string(line_.substr(2)) +
             "\"; this program reads \"" + std::string(kSealFormat) + "\"");
  }

  void read_header() {
    read_format();
    SealHeader& header = seal_.header;
    header.origin = text_after(kOrigin, is_word);
    header.sealed = text_after(kSealed, is_utc_time);
    header.tool = text_after(kTool, is_one_line);
    if (next_begins(kNote)) header.note = free_text(kNote);
    while (next_begins(kExclude)) header.excludes.push_back(free_text(kExclude));
    if (next_begins(kCells)) {
      if (line_ != kCells) refuse("is malformed");
      header.cells = true;
    }
    seal_.sections.push_back({header.sealed, 0});
  }

  void read_section() {
    std::string_view text = line_;
    if (!take(text, kSection)) refuse("is no line that a seal has here");
    const auto number = take_number(text);
    if (number != seal_.sections.size() + 1 || !take(text, " ") || !is_utc_time(text))
      refuse("is malformed");
    if (seal_.sections.size() > 1 && seal_.sections.back().first_file == seal_.files.size())
      refuse("begins a section after one without files");
    seal_.sections.push_back({std::string(text), seal_.files.size()});
    if (rest_.empty()) refuse("begins a section without files");
  }

  void read_file() {
    const bool has_one_before = seal_.files.size() > seal_.sections.back().first_file;
    SealedFile& file = seal_.files.emplace_back();
    if (!parse_file(line_, file)) refuse("is malformed");
    file.entry = number_ - 1;
    if (has_one_before && std::prev(seal_.files.end(), 2)->path >= file.path)
      refuse("is not in the order of the paths' bytes");
    if (next_begins(kChunks)) {
      file.chunks = parse_chunks(line_.substr(kChunks.size()), file.path);
      if (!file.chunks) refuse("is malformed");
    }
    if (next_begins(kRecords)) {
      file.records = parse_records(line_.substr(kRecords.size()), file.path);
      if (!file.records) refuse("is malformed");
    }
  }

  /// Within a section the order shows it.
  void check_unique() const {
    if (seal_.sections.size() == 1) return;
    std::vector<const std::string*> paths;
    paths.reserve(seal_.files.size());
    for (const SealedFile& file : seal_.files) paths.push_back(&file.path);
    std::sort(paths.begin(), paths.end(), [](const auto* a, const auto* b) { return *a < *b; });
    const auto twice = std::adjacent_find(paths.begin(), paths.end(),
                                          [](const auto* a, const auto* b) { return *a == *b; });
    if (twice != paths.end())
      throw Error(ErrorKind::input, std::string(kSumsFile) + ": names a file twice: " + **twice);
  }

  std::string_view rest_;
  std::string_view line_;
  std::uint64_t number_ = 0;
  Seal seal_;
};

void require(bool good, std::string_view what, std::string_view text) {
  if (!good)
    throw Error(ErrorKind::usage,
                "a seal cannot have this " + std::string(what) + ": " + std::string(text));
}

void append_line(std::string& out, std::string_view prefix, std::string_view text) {
  out.append(prefix).append(text).push_back('\n');
}

void append_escaped_line(std::string& out, std::string_view prefix, std::string_view text) {
  out += prefix;
  manifest::append_escaped(out, text);
  out.push_back('\n');
}

void append_tree(std::string& out, std::uint64_t count, const Digest& root,
                 const std::string& path) {
  out.append(std::to_string(count)).append(" ").append(to_hex(root)).append("  ");
  manifest::append_escaped(out, path);
  out.push_back('\n');
}

}  // namespace

bool is_sealable_path(std::string_view path) {
  if (path.empty() || path.size() > kMaxPath || path.find('\0') != std::string_view::npos)
    return false;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view name = path.substr(begin, end - begin);
    if (name.empty() || name == "." || name == "..") return false;
    begin = end + 1;
  }
  return true;
}

bool is_utc_time(std::string_view text) {
  constexpr std::string_view pattern = "0000-00-00T00:00:00Z";
  if (text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (pattern[i] == '0' ? !is_digit(text[i]) : text[i] != pattern[i]) return false;
  const auto number = [&](std::size_t begin, std::size_t length) {
    unsigned value = 0;
    for (const char c : text.substr(begin, length)) value = 10 * value + unsigned(c - '0');
    return value;
  };
  const std::chrono::year_month_day day(std::chrono::year(static_cast<int>(number(0, 4))),
                                        std::chrono::month(number(5, 2)),
                                        std::chrono::day(number(8, 2)));
  return day.ok() && number(11, 2) < 24 && number(14, 2) < 60 && number(17, 2) < 60;
}

void append_header(std::string& out, const SealHeader& header) {
  require(is_word(header.origin), "origin", header.origin);
  require(is_utc_time(header.sealed), "time", header.sealed);
  require(is_one_line(header.tool), "name of a tool", header.tool);
  append_line(out, "# ", kSealFormat);
  append_line(out, kOrigin, header.origin);
  append_line(out, kSealed, header.sealed);
  append_line(out, kTool, header.tool);
  if (header.note) {
    require(is_free_text(*header.note), "note", *header.note);
    append_escaped_line(out, kNote, *header.note);
  }
  for (const std::string& pattern : header.excludes) {
    require(is_free_text(pattern), "pattern", pattern);
    append_escaped_line(out, kExclude, pattern);
  }
  if (header.cells) append_line(out, kCells, "");
}

void append_section(std::string& out, std::size_t number, std::string_view sealed) {
  require(is_utc_time(sealed), "time", sealed);
  append_line(out, kSection, std::to_string(number) + " " + std::string(sealed));
}

void append_file(std::string& out, const SealedFile& file) {
  require(is_sealable_path(file.path), "path", file.path);
  manifest::append_line(out, file.digest, file.path, {});
  if (file.chunks) {
    out.append(kChunks).append(std::to_string(file.chunks->chunk_bytes)).append(" ");
    append_tree(out, file.chunks->count, file.chunks->root, file.path);
  }
  if (file.records) {
    require(is_word(file.records->canonical_form), "canonical form", file.records->canonical_form);
    out.append(kRecords).append(file.records->canonical_form).append(" ");
    append_tree(out, file.records->count, file.records->root, file.path);
  }
}

std::string write_sums(const Seal& seal) {
  std::string out;
  append_header(out, seal.header);
  for (std::size_t section = 0; section < seal.sections.size(); ++section) {
    if (section != 0) append_section(out, section + 1, seal.sections[section].sealed);
    const bool last = section + 1 == seal.sections.size();
    const std::size_t end = last ? seal.files.size() : seal.sections[section + 1].first_file;
    for (std::size_t i = seal.sections[section].first_file; i < end; ++i)
      append_file(out, seal.files[i]);
  }
  return out;
}

Seal read_sums(std::string_view text) { return SumsReader(text).read(); }

SealHeader read_sums_header(std::string_view text) { return SumsReader(text).header(); }

}  // namespace salus::trial
