#include "cli/merkle_entries.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "cli/error_context.h"
#include "cli/input_file.h"
#include "cli/progress.h"
#include "engine/merkle/proof.h"

namespace salus::cli {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 18;
// A line is kept whole while it is read.
constexpr std::size_t kMaxLine = std::size_t{64} << 20;
constexpr std::size_t kDigestDigits = 64;

/// Bytes of all inputs that are regular files.
std::uint64_t total_size(const std::vector<std::string>& inputs) {
  std::uint64_t total = 0;
  for (const std::string& input : inputs) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(input, error);
    if (!error) total += size;
  }
  return total;
}

/// Counts what is read, stops when asked to, and says whose bytes they are when they are refused.
class WatchedSource : public ByteSource {
 public:
  using OnRead = std::function<void(std::size_t)>;

  WatchedSource(const std::string& path, OnRead on_read)
      : file_(path), on_read_(std::move(on_read)) {}
  std::size_t read(std::span<std::uint8_t> out) override {
    const std::size_t size = file_.read(out);
    on_read_(size);
    return size;
  }

 private:
  FileSource file_;
  OnRead on_read_;
};

Digest digest_of(std::string_view line, engine::TreeKind tree, std::uint64_t number) {
  const bool ends = line.size() <= kDigestDigits || line[kDigestDigits] == ' ' ||
                    line[kDigestDigits] == '\t' || line[kDigestDigits] == '\r';
  const auto digest = merkle::from_shown(tree, line.substr(0, kDigestDigits));
  if (!digest || !ends)
    throw Error(ErrorKind::input, fmt::format("line {}: not {} hex digits", number, kDigestDigits));
  return *digest;
}

void add_input(EntryKind kind, engine::TreeKind tree, ByteSource& source,
               merkle::LeafHasher& leaves) {
  if (kind == EntryKind::files) return leaves.add(source);
  std::uint64_t number = 0;
  for_each_line(source, [&](std::string_view line) {
    ++number;
    if (kind == EntryKind::lines) return leaves.add(as_bytes(line));
    const Digest digest = digest_of(line, tree, number);
    if (tree == engine::TreeKind::bitcoin)
      leaves.add_leaf(digest);
    else
      leaves.add(Bytes(digest));
  });
}

}  // namespace

void for_each_line(ByteSource& source, const std::function<void(std::string_view)>& take) {
  std::string text;  // a piece, behind the line that the piece before left unfinished
  for (;;) {
    const std::size_t begun = text.size();
    text.resize(begun + kPiece);
    const std::size_t size =
        source.read({reinterpret_cast<std::uint8_t*>(text.data()) + begun, kPiece});
    text.resize(begun + size);
    if (size == 0) break;
    std::size_t line = 0;
    for (std::size_t end = text.find('\n', begun); end != std::string::npos;
         end = text.find('\n', line)) {
      take(std::string_view(text).substr(line, end - line));
      line = end + 1;
    }
    text.erase(0, line);
    if (text.size() > kMaxLine)
      throw Error(ErrorKind::input, fmt::format("a line is longer than {} bytes", kMaxLine));
  }
  if (!text.empty()) take(text);
}

void add_entries(const Global& global, EntryKind kind, engine::TreeKind tree,
                 const std::vector<std::string>& inputs, merkle::LeafHasher& leaves) {
  ProgressBar bar(global, "reading", Unit::bytes);
  const std::uint64_t total = total_size(inputs);
  std::uint64_t done = 0;
  for (const std::string& input : inputs) {
    in_context(input_name(input), [&] {
      WatchedSource source(input, [&](std::size_t size) {
        if (global.stop.stop_requested()) throw Cancelled();
        done += size;
        bar.update(done, total);
      });
      add_input(kind, tree, source, leaves);
    });
  }
}

}  // namespace salus::cli
