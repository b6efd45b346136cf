#include "cli/verify_lines.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "cli/input_file.h"
#include "cli/progress.h"
#include "cli/signed_line.h"
#include "engine/error.h"
#include "engine/files/descriptor.h"
#include "engine/manifest/line_reader.h"

namespace salus::cli {
namespace {

using manifest::LineReader;

/// Bytes of a regular file; 0 where nobody knows.
std::uint64_t size_of(const std::string& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  return error ? 0 : size;
}

[[noreturn]] void fail(const std::string& file, const char* what, int error) {
  const ErrorKind kind = error == EIO ? ErrorKind::system : ErrorKind::input;
  throw Error(kind, fmt::format("{}: {}: {}", input_name(file), what,
                                std::generic_category().message(error)));
}

files::Descriptor open_input(const std::string& file) {
  files::Descriptor descriptor(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!descriptor.is_open()) fail(file, "cannot open", errno);
  return descriptor;
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

void add_line(const LineReader::Line& line, std::uint64_t number, SignedLineParser& parser,
              ItemStream& stream) {
  const ItemOrigin origin{"", number};
  if (line.truncated)
    return stream.add_problem(origin,
                              fmt::format("longer than {} bytes", SignedLineParser::kMaxLine));
  if (is_blank(line.text)) return;
  try {
    stream.add(origin, parser.parse(line.text));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) throw;
    stream.add_problem(origin, error.what());
  }
}

/// Returns when there is something to read.
void wait_for_input(const LineReader& lines, const std::stop_token& stop) {
  constexpr int kMillisecondsBetweenLooks = 200;
  while (!lines.ready(kMillisecondsBetweenLooks))
    if (stop.stop_requested()) throw Cancelled();
}

}  // namespace

void verify_lines(const std::string& file, Encoding encoding, ItemStream& stream,
                  const Global& global) {
  const bool is_stdin = file == "-";
  const files::Descriptor opened = is_stdin ? files::Descriptor() : open_input(file);
  const std::uint64_t total = is_stdin ? 0 : size_of(file);
  std::uint64_t done = 0;
  LineReader lines(is_stdin ? STDIN_FILENO : opened.number(), SignedLineParser::kMaxLine);
  SignedLineParser parser(encoding);
  ProgressBar bar(global, "verifying", Unit::bytes);
  for (;;) {
    if (global.stop.stop_requested()) throw Cancelled();
    if (!lines.ready()) {
      stream.finish();
      wait_for_input(lines, global.stop);
    }
    const auto line = lines.next();
    if (!line) break;
    done += line->text.size() + 1;
    add_line(*line, lines.line_number(), parser, stream);
    bar.update(done, total);
  }
  stream.finish();
  if (lines.error() != 0) fail(file, "cannot read", lines.error());
}

}  // namespace salus::cli
