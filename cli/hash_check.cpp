#include "cli/hash_check.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <deque>
#include <utility>

#include "cli/command.h"
#include "cli/hash_report.h"
#include "cli/shell_quote.h"
#include "engine/files/descriptor.h"
#include "engine/manifest/line.h"
#include "engine/manifest/line_reader.h"

namespace salus::cli {
namespace {

/// Complaints that may wait for files before them: a manifest may be all malformed lines.
constexpr std::size_t kMaxWaiting = 10'000;

/// What came of one manifest.
struct Tally {
  std::string name;  ///< Quoted for messages.
  std::uint64_t entries = 0;
  std::uint64_t malformed = 0;
  std::uint64_t unreadable = 0;
  std::uint64_t mismatched = 0;
  std::uint64_t matched = 0;
};

class ManifestCheck {
 public:
  ManifestCheck(const CheckOptions& options, files::FileHasherOptions hasher_options,
                const engine::JobControl& control)
      : options_(options),
        hasher_(
            std::move(hasher_options),
            [this](std::uint64_t index, const std::string& path, const files::FileResult& result) {
              take(path, result);
              report_.through(index + 1);
            },
            control, [this] { report_.flush(); }) {}

  void add_manifest(const std::string& path);
  int finish();

 private:
  void read_manifest(int descriptor, bool is_stdin, Tally& tally);
  void add_entry(const manifest::Entry& entry, Tally& tally);
  void take(const std::string& path, const files::FileResult& result);
  void say(const std::string& path, std::string_view verdict);
  void summarize(const Tally& tally);
  void complain_of_count(std::uint64_t count, std::string_view one, std::string_view many);
  void later(std::function<void()> action);

  struct Expected {
    Digest digest;
    Tally* tally;
  };

  const CheckOptions options_;
  HashReport report_;
  manifest::LineParser parser_;
  std::deque<Tally> tallies_;      ///< One a manifest; a deque, so that they stay where they are.
  std::deque<Expected> expected_;  ///< Of the files whose results are still to come.
  std::uint64_t added_ = 0;
  bool stdin_listed_ = false;  ///< As a file: nothing is left of it for a manifest.
  bool refused_ = false;
  bool bad_input_ = false;
  files::FileHasher hasher_;  ///< Last: its results go to all of the above.
};

void ManifestCheck::add_manifest(const std::string& path) {
  const bool is_stdin = path == "-";
  Tally& tally = tallies_.emplace_back();
  tally.name = shell_quote(is_stdin ? "standard input" : path);
  files::Descriptor file;
  if (!is_stdin) {
    file = files::Descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!file.is_open()) {
      later([this, path, error = errno] {
        report_.complain(path, error);
        bad_input_ = true;
      });
      return;
    }
  }
  read_manifest(is_stdin ? STDIN_FILENO : file.number(), is_stdin, tally);
}

void ManifestCheck::read_manifest(int descriptor, bool is_stdin, Tally& tally) {
  manifest::LineReader lines(descriptor);
  manifest::Entry entry;
  while (!(is_stdin && stdin_listed_)) {
    const auto line = lines.next();
    if (!line) break;
    const manifest::LineKind kind =
        line->truncated ? manifest::LineKind::malformed : parser_.parse(line->text, entry);
    if (kind == manifest::LineKind::ignored) continue;
    if (kind == manifest::LineKind::entry && !(is_stdin && entry.name == "-")) {
      add_entry(entry, tally);
      continue;
    }
    ++tally.malformed;
    if (options_.warn)
      later([this, &tally, number = lines.line_number()] {
        report_.complain(
            fmt::format("{}: {}: improperly formatted SHA256 checksum line", tally.name, number));
      });
  }
  if (lines.error() == 0) return later([this, &tally] { summarize(tally); });
  later([this, &tally] {
    report_.complain(fmt::format("{}: read error", tally.name));
    bad_input_ = true;
  });
}

/// Runs `action` when all files listed so far are through.
void ManifestCheck::later(std::function<void()> action) {
  report_.when_through(added_, std::move(action));
  if (report_.waiting() > kMaxWaiting) hasher_.wait();
}

void ManifestCheck::add_entry(const manifest::Entry& entry, Tally& tally) {
  ++tally.entries;
  stdin_listed_ = stdin_listed_ || entry.name == "-";
  expected_.push_back({entry.digest, &tally});
  ++added_;
  hasher_.add(entry.name);
}

void ManifestCheck::take(const std::string& path, const files::FileResult& result) {
  const Expected expected = expected_.front();
  expected_.pop_front();
  Tally& tally = *expected.tally;
  if (result.error == ENOENT && options_.ignore_missing) return;
  if (result.error != 0) {
    ++tally.unreadable;
    report_.complain(path, result.error);
    say(path, ": FAILED open or read\n");
  } else if (result.digest != expected.digest) {
    ++tally.mismatched;
    say(path, ": FAILED\n");
  } else {
    ++tally.matched;
    if (options_.ok_lines) say(path, ": OK\n");
  }
}

void ManifestCheck::say(const std::string& path, std::string_view verdict) {
  if (options_.status_only) return;
  std::string& lines = report_.lines();
  // As coreutils 9.1: only a newline makes it escape a name here.
  if (path.find('\n') != std::string::npos) {
    lines.push_back('\\');
    manifest::append_escaped(lines, path);
  } else {
    lines += path;
  }
  lines += verdict;
  report_.keep_small();
}

void ManifestCheck::summarize(const Tally& tally) {
  const auto complain = [&](std::string_view what) {
    report_.complain(fmt::format("{}: {}", tally.name, what));
  };
  if (tally.entries == 0) {
    complain("no properly formatted checksum lines found");
    bad_input_ = true;
    return;
  }
  if (!options_.status_only) {
    complain_of_count(tally.malformed, "line is improperly formatted",
                      "lines are improperly formatted");
    complain_of_count(tally.unreadable, "listed file could not be read",
                      "listed files could not be read");
    complain_of_count(tally.mismatched, "computed checksum did NOT match",
                      "computed checksums did NOT match");
    if (options_.ignore_missing && tally.matched == 0) complain("no file was verified");
  }
  if (tally.matched == 0 || tally.mismatched != 0 || tally.unreadable != 0 ||
      (options_.strict && tally.malformed != 0))
    refused_ = true;
}

void ManifestCheck::complain_of_count(std::uint64_t count, std::string_view one,
                                      std::string_view many) {
  if (count != 0) report_.complain(fmt::format("WARNING: {} {}", count, count == 1 ? one : many));
}

int ManifestCheck::finish() {
  hasher_.finish();
  report_.flush();
  if (refused_) return kRefused;
  return bad_input_ ? kUsage : kOk;
}

}  // namespace

int check_manifests(std::span<const std::string> manifests, const CheckOptions& options,
                    files::FileHasherOptions hasher_options, const engine::JobControl& control) {
  ManifestCheck check(options, std::move(hasher_options), control);
  for (const std::string& manifest : manifests) check.add_manifest(manifest);
  return check.finish();
}

}  // namespace salus::cli
