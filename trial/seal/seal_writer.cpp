#include "trial/seal/seal_writer.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <optional>
#include <span>
#include <sstream>
#include <unordered_set>
#include <utility>

#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "node/store/file.h"
#include "trial/seal/folder_reader.h"
#include "trial/seal/seal_folder.h"
#include "trial/seal/seal_tree.h"
#include "trial/seal/sums.h"

namespace salus::trial {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kProgressFile = "progress";
constexpr std::string_view kJournalFile = "journal";
constexpr std::string_view kBegunFile = "begun";
constexpr std::string_view kProgressFormat = "salus-trial-progress/2";
constexpr std::size_t kMaxProgress = 4096;
constexpr std::uint64_t kMaxSums = std::uint64_t{16} << 30;

/// Lines that are hashed together.
constexpr std::size_t kManyLines = std::size_t{1} << 18;

/// How far an interrupted run came: the sizes of its files, and what is in the first.
struct Progress {
  std::string request;  ///< Digest in hex, as the next.
  std::string sums_digest;
  std::uint64_t sums = 0;
  std::uint64_t chunks = 0;
  std::uint64_t journal = 0;
  std::uint64_t begun = 0;
};

std::string hex_digest(std::string_view text) { return to_hex(openssl_sha256(as_bytes(text))); }

std::string written(const Progress& progress) {
  std::ostringstream out;
  out << kProgressFormat << '\n'
      << progress.request << '\n'
      << progress.sums_digest << '\n'
      << progress.sums << ' ' << progress.chunks << ' ' << progress.journal << ' ' << progress.begun
      << '\n';
  return out.str();
}

std::optional<Progress> parsed(const std::string& text) {
  std::istringstream in(text);
  std::string format;
  Progress out;
  in >> format >> out.request >> out.sums_digest >> out.sums >> out.chunks >> out.journal >>
      out.begun;
  if (!in || format != kProgressFormat || written(out) != text) return std::nullopt;
  return out;
}

bool is_there(const fs::path& path) { return fs::exists(fs::symlink_status(path)); }

/// Whether a folder is one that this program has left, or has nothing in it.
bool is_ours(const fs::path& partial) {
  if (!fs::is_directory(fs::symlink_status(partial))) return false;
  return fs::is_empty(partial) || fs::exists(partial / kProgressFile);
}

void sync_folders(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory()) sync_folders(entry.path());
  node::sync_folder(folder);
}

/// Gives a folder another name. With `exchange`, what has that name gets the old one, at the same
/// moment; without, the name must be free.
void rename_folder(const fs::path& from, const fs::path& to, bool exchange) {
  const unsigned flags = exchange ? RENAME_EXCHANGE : RENAME_NOREPLACE;
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0) return;
  // Some network file systems know no flags.
  if (errno == EINVAL && !exchange && !is_there(to) && rename(from.c_str(), to.c_str()) == 0)
    return;
  if (errno == EEXIST) throw Error(ErrorKind::usage, to.string() + " is there already");
  throw node::FileError("make", to, errno);
}

fs::path folder_above(const fs::path& path) { return fs::absolute(path).parent_path(); }

/// "STUDY.seal/" names the same as "STUDY.seal".
fs::path without_slash(const fs::path& path) {
  return path.has_filename() ? path : path.parent_path();
}

}  // namespace

fs::path SealWriter::partial_path(const fs::path& seal) {
  fs::path partial = without_slash(seal);
  partial += ".partial";
  return partial;
}

SealWriter::SealWriter(fs::path seal, std::string_view request, const engine::LaneHasher& hasher,
                       Open open)
    : seal_(without_slash(seal)),
      partial_(partial_path(seal)),
      request_(hex_digest(request)),
      hasher_(hasher),
      begun_(partial_ / kBegunFile, request_) {
  if (open == Open::go_on) return;
  if (is_there(partial_) && !is_ours(partial_))
    throw Error(ErrorKind::usage,
                partial_.string() + " is in the way, and is nothing that was left by a seal");
  if (mkdir(partial_.c_str(), 0777) != 0 && errno != EEXIST)
    throw node::FileError("make", partial_, errno);
  lock();
  for (const auto& entry : fs::directory_iterator(partial_)) fs::remove_all(entry.path());
  // First, so that the folder is known as ours from the start.
  replace_file(partial_ / kProgressFile, written({request_, hex_digest("")}));
  sums_ = std::make_unique<OutputFile>(partial_ / kSumsFile);
  chunks_ = std::make_unique<OutputFile>(partial_ / kChunksFile);
  journal_ = std::make_unique<OutputFile>(partial_ / kJournalFile);
}

SealWriter::SealWriter(fs::path seal, std::string_view request, const engine::LaneHasher& hasher)
    : SealWriter(std::move(seal), request, hasher, Open::begin) {}

std::unique_ptr<SealWriter> SealWriter::resume(fs::path seal, std::string_view request,
                                               const engine::LaneHasher& hasher) {
  if (!is_there(partial_path(seal) / kProgressFile)) return nullptr;
  std::unique_ptr<SealWriter> out(new SealWriter(std::move(seal), request, hasher, Open::go_on));
  return out->go_on() ? std::move(out) : nullptr;
}

/// False where the run died before anything of it counted.
bool SealWriter::go_on() {
  lock();
  const FolderReader folder(partial_);
  const auto progress = parsed(folder.read(kProgressFile, kMaxProgress).value_or(""));
  if (!progress) folder.refuse(kProgressFile, "is damaged; seal without --resume");
  if (progress->request != request_)
    throw Error(ErrorKind::usage,
                partial_.string() +
                    " is of a run with another folder or other options; seal without --resume");
  if (progress->sums == 0) return false;
  std::string text = folder.read(kSumsFile, kMaxSums).value_or("");
  text.resize(std::min<std::uint64_t>(text.size(), progress->sums));
  hash_lines(text);
  if (text.size() != progress->sums || digest_so_far() != progress->sums_digest)
    folder.refuse(kSumsFile, "is damaged; seal without --resume");
  header_ = read_sums_header(text);
  resumed_ = read_journal(partial_ / kJournalFile, progress->journal);
  load_begun(progress->begun);
  using Mode = OutputFile::Mode;
  sums_ = std::make_unique<OutputFile>(partial_ / kSumsFile, Mode::go_on, progress->sums);
  chunks_ = std::make_unique<OutputFile>(partial_ / kChunksFile, Mode::go_on, progress->chunks);
  journal_ = std::make_unique<OutputFile>(partial_ / kJournalFile, Mode::go_on, progress->journal);
  lines_ = leaves_.size();
  remove_later_indexes();
  return true;
}

/// Of files that are dealt with, what the log says is over.
void SealWriter::load_begun(std::uint64_t size) {
  std::unordered_set<std::uint64_t> over;
  for (const JournalEntry& entry : resumed_) over.insert(entry.name);
  resumed_begun_ = begun_.load(size, [&over](std::uint64_t name) { return !over.contains(name); });
  if (begun_.size() != size)
    throw Error(ErrorKind::input,
                (partial_ / kBegunFile).string() + ": is damaged; seal without --resume");
}

/// Record indexes of lines that were written after the last progress.
void SealWriter::remove_later_indexes() {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(partial_ / kRecordsFolder, none)) {
    const std::string name = entry.path().filename().string();
    std::uint64_t line = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), line);
    if (error != std::errc() || end != name.data() + name.size() || line >= lines_)
      fs::remove(entry.path());
  }
}

/// One process at a time writes a seal; one that dies lets go.
void SealWriter::lock() {
  folder_ = files::Descriptor(open(partial_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder_.is_open()) throw node::FileError("open", partial_, errno);
  if (flock(folder_.number(), LOCK_EX | LOCK_NB) != 0)
    throw Error(ErrorKind::usage, partial_.string() + " is being written by another process");
}

void SealWriter::append_lines(std::string_view lines) {
  sums_->append(lines);
  fresh_lines_ += lines;
  lines_ += static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
  if (fresh_lines_.size() >= kManyLines) hash_fresh_lines();
}

void SealWriter::hash_fresh_lines() {
  hash_lines(fresh_lines_);
  fresh_lines_.clear();
}

void SealWriter::hash_lines(std::string_view lines) {
  const std::vector<Digest> leaves = line_leaves(lines, hasher_);
  leaves_.insert(leaves_.end(), leaves.begin(), leaves.end());
  const engine::LaneHasher::Update update{&sums_stream_, as_bytes(lines)};
  hasher_.update({&update, 1});
}

std::string SealWriter::digest_so_far() const {
  engine::HashStream copy = sums_stream_;
  return to_hex(hasher_.finish(copy));
}

void SealWriter::append_chunks(std::span<const Digest> leaves) {
  if (leaves.empty()) return;
  chunks_->append(Bytes(leaves.front().data(), leaves.size_bytes()));
}

void SealWriter::append_journal(const JournalEntry& entry) { append(*journal_, entry); }

void SealWriter::append_begun(const BegunPart& part) {
  begun_.append(journal_name(part.path), part);
}

OutputFile SealWriter::make_file(std::string_view name) {
  const fs::path path = partial_ / name;
  if (path.parent_path() != partial_ && mkdir(path.parent_path().c_str(), 0777) != 0 &&
      errno != EEXIST)
    throw node::FileError("make", path.parent_path(), errno);
  return OutputFile(path);
}

void SealWriter::remove_file(std::string_view name) {
  const fs::path path = partial_ / name;
  if (unlink(path.c_str()) != 0 && errno != ENOENT) throw node::FileError("remove", path, errno);
}

void SealWriter::save_progress() {
  hash_fresh_lines();
  chunks_->sync();
  sums_->sync();
  journal_->sync();
  begun_.sync();
  replace_file(partial_ / kProgressFile, written({.request = request_,
                                                  .sums_digest = digest_so_far(),
                                                  .sums = sums_->size(),
                                                  .chunks = chunks_->size(),
                                                  .journal = journal_->size(),
                                                  .begun = begun_.size()}));
}

merkle::Tree SealWriter::finish_lines() {
  hash_fresh_lines();
  chunks_->sync();
  sums_->sync();
  return tree_of_leaves(leaves_, hasher_);
}

void SealWriter::publish(bool replace) {
  if (chunks_->size() == 0) remove_file(kChunksFile);
  remove_file(kJournalFile);
  remove_file(kBegunFile);
  remove_file(kProgressFile);
  sync_folders(partial_);
  const bool exchange = replace && is_there(seal_);
  rename_folder(partial_, seal_, exchange);
  node::sync_folder(folder_above(seal_));
  if (exchange) fs::remove_all(partial_);
}

}  // namespace salus::trial
