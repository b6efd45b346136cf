#include "trial/seal/sealing.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>

#include "engine/error.h"
#include "engine/files/opened_file.h"
#include "trial/content/content_hasher.h"
#include "trial/content/study_walk.h"
#include "trial/records/record_reader.h"
#include "trial/records/record_sealing.h"
#include "trial/seal/seal_tree.h"
#include "trial/seal/seal_writer.h"
#include "trial/seal/sums.h"

namespace salus::trial {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// Files that are on their way at once: their results wait for those before them.
constexpr std::size_t kWindow = 16'384;

/// How often progress is shown and the wish to stop looked at.
constexpr std::chrono::milliseconds kTick(100);

/// What is enough of a file to know its format.
constexpr std::size_t kBeginning = 4096;

constexpr std::string_view kChanged = "changed while it was read: not sealed";

std::string system_message(int error) { return std::generic_category().message(error); }

/// One thing that the walk came upon.
struct Slot {
  WalkEntry entry;
  const JournalEntry* resumed = nullptr;  ///< An earlier run dealt with it.
  bool ready = false;
  ContentResult result;
};

/// What the walk finds goes through the hasher and comes out in the same order.
class Inflow final : public ContentClient {
 public:
  Inflow(const StudyFolder& study, const Exclusion& exclusion, const SealFolder* grown_from,
         const SealWriter& writer)
      : walk_(study, exclusion),
        opener_(study),
        grown_from_(grown_from),
        resumed_(writer.resumed()),
        begun_(writer.resumed_begun()) {}

  Supply take(std::vector<ContentTask>& tasks, std::size_t limit) override {
    for (std::size_t i = 0; i < limit; ++i) {
      {
        const std::scoped_lock lock(mutex_);
        full_ = full_ || slots_.size() >= kWindow;
        if (full_) return Supply::later;
      }
      Slot slot;
      if (!walk_.next(slot.entry)) return end();
      const bool is_file = slot.entry.kind.empty() && slot.entry.error == 0;
      if (is_file && grown_from_ != nullptr && grown_from_->find(slot.entry.path) != nullptr)
        continue;
      if (is_file && next_resumed_ < resumed_.size()) slot.resumed = resume(slot.entry.path);
      slot.ready = !is_file || slot.resumed != nullptr;
      const std::scoped_lock lock(mutex_);
      slots_.push_back(std::move(slot));
      if (slots_.back().ready)
        ready_.notify_one();
      else
        tasks.push_back(task_of(slots_.back()));
    }
    return Supply::more;
  }

  void done(const ContentTask& task, ContentResult&& result) override {
    const std::scoped_lock lock(mutex_);
    Slot& slot = slots_[task.index - popped_];
    slot.result = std::move(result);
    slot.ready = true;
    if (task.index == popped_) ready_.notify_one();
  }

  /// Moves those that are ready, from the front on, to `out`; waits for the first a while. Whether
  /// there is room again for somebody who found none.
  bool take_ready(std::vector<Slot>& out, std::chrono::milliseconds wait) {
    out.clear();
    std::unique_lock lock(mutex_);
    ready_.wait_for(lock, wait, [&] { return ended_ || is_front_ready(); });
    for (; is_front_ready(); slots_.pop_front()) out.push_back(std::move(slots_.front()));
    popped_ += out.size();
    if (!full_ || slots_.size() > kWindow / 2) return false;
    full_ = false;
    return true;
  }
  bool is_at_end() {
    const std::scoped_lock lock(mutex_);
    return ended_ && slots_.empty();
  }

 private:
  [[nodiscard]] bool is_front_ready() const { return !slots_.empty() && slots_.front().ready; }

  /// Of the last slot.
  [[nodiscard]] ContentTask task_of(const Slot& slot) const {
    ContentTask task{popped_ + slots_.size() - 1, slot.entry.path};
    if (begun_.empty()) return task;
    const auto begun = begun_.find(journal_name(slot.entry.path));
    if (begun != begun_.end()) task.begun = &begun->second;
    return task;
  }

  Supply end() {
    if (next_resumed_ < resumed_.size())
      throw Error(ErrorKind::input,
                  "files are gone that the interrupted run had sealed; seal without --resume");
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    ready_.notify_one();
    return Supply::end;
  }

  /// What the earlier run made of the file, which must still be as it was.
  const JournalEntry* resume(const std::string& path) {
    const JournalEntry& entry = resumed_[next_resumed_++];
    const bool same = entry.name == journal_name(path) &&
                      (!entry.done || opener_.open(path).identity == entry.identity);
    if (!same)
      throw Error(ErrorKind::input,
                  path + " is not what the interrupted run found there; seal without --resume");
    return &entry;
  }

  StudyWalk walk_;
  StudyOpener opener_;
  const SealFolder* grown_from_;
  std::span<const JournalEntry> resumed_;
  std::size_t next_resumed_ = 0;
  const BegunFiles& begun_;

  std::mutex mutex_;  ///< Guards what follows.
  std::condition_variable ready_;
  std::deque<Slot> slots_;
  std::uint64_t popped_ = 0;
  bool full_ = false;  ///< Until half of the room is free again.
  bool ended_ = false;
};

/// By what a run is known that can be gone on with: the digest of this is kept.
std::string fingerprint(const SealRequest& request) {
  SealHeader header = request.header;
  header.sealed = "1970-01-01T00:00:00Z";
  std::string out = fs::canonical(request.folder).string();
  out.push_back('\0');
  append_header(out, header);
  out += request.records ? "records" : "bytes";
  if (request.secret != nullptr)
    for (const std::uint8_t byte : request.secret->bytes()) out.push_back(static_cast<char>(byte));
  return out;
}

class Sealing {
 public:
  Sealing(const SealRequest& request, const OnSealProblem& on_problem,
          const engine::JobControl& control)
      : request_(request),
        on_problem_(on_problem),
        control_(control),
        study_(request.folder),
        hasher_(request.cpu),
        opener_(study_) {}

  SealSummary run() {
    begin();
    read_files();
    const merkle::Tree tree = writer_->finish_lines();
    summary_.size = tree.size();
    summary_.root = tree.root();
    for (const auto& [name, content] : request_.sign(header_, tree)) {
      OutputFile part = writer_->make_file(name);
      part.append(content);
      part.sync();
    }
    writer_->publish(request_.replace);
    return summary_;
  }

 private:
  void begin();
  void copy_old_seal();
  void read_files();
  void take(Slot& slot);
  void take_resumed(const Slot& slot);
  void seal_file(Slot& slot);
  std::optional<RecordCommitment> seal_records_of(const SealedFile& file,
                                                  const FileIdentity& identity);
  void report(const std::string& path, std::string reason) {
    ++summary_.problems;
    on_problem_({path, std::move(reason)});
  }

  const SealRequest& request_;
  const OnSealProblem& on_problem_;
  const engine::JobControl& control_;
  StudyFolder study_;
  engine::LaneHasher hasher_;
  StudyOpener opener_;
  SealHeader header_;
  std::unique_ptr<SealWriter> writer_;
  SealSummary summary_;
};

void Sealing::begin() {
  header_ = request_.grown_from == nullptr ? request_.header : request_.grown_from->seal().header;
  const std::string request = fingerprint(request_);
  if (request_.resume) writer_ = SealWriter::resume(request_.seal, request, hasher_);
  if (writer_) {
    header_ = writer_->resumed_header();
    return;
  }
  writer_ = std::make_unique<SealWriter>(request_.seal, request, hasher_);
  if (request_.grown_from != nullptr) return copy_old_seal();
  std::string lines;
  append_header(lines, header_);
  writer_->append_lines(lines);
}

/// Lines, chunks and record indexes stay what and where they are.
void Sealing::copy_old_seal() {
  const SealFolder& old = *request_.grown_from;
  writer_->append_lines(old.text());
  for (const SealedFile& file : old.seal().files) {
    if (file.chunks) writer_->append_chunks(old.chunk_leaves(file));
    if (!file.records) continue;
    const files::Descriptor index = old.record_index(file);
    OutputFile copy = writer_->make_file(record_index_name(file));
    std::array<std::uint8_t, std::size_t{1} << 16> piece;
    for (;;) {
      const files::ReadResult result = files::read_some(index.number(), piece);
      if (result.error != 0)
        throw Error(ErrorKind::input,
                    record_index_name(file) + ": " + system_message(result.error));
      if (result.count == 0) break;
      copy.append(Bytes(piece).first(result.count));
    }
    copy.sync();
  }
  std::string line;
  append_section(line, old.seal().sections.size() + 1, request_.section_time);
  writer_->append_lines(line);
}

void Sealing::read_files() {
  const Exclusion exclusion(header_.excludes);
  Inflow inflow(study_, exclusion, request_.grown_from, *writer_);
  ContentHasher content(study_, inflow,
                        {.whole_digests = true, .look_again = true, .cpu = request_.cpu}, hasher_);
  Clock::time_point next_save = Clock::now() + request_.save_every;
  const auto look_around = [&] {
    if (control_.progress) control_.progress(content.bytes(), 0);
    const bool stop = control_.stop.stop_requested();
    if (stop || Clock::now() >= next_save) {
      content.visit_begun([this](const BegunPart& part) { writer_->append_begun(part); });
      writer_->save_progress();
      next_save = Clock::now() + request_.save_every;
    }
    if (stop) throw Cancelled();
  };
  std::vector<Slot> ready;
  while (!inflow.is_at_end()) {
    if (inflow.take_ready(ready, kTick)) content.wake();
    look_around();
    for (Slot& slot : ready) {
      take(slot);
      look_around();
    }
    content.wait_for(std::chrono::milliseconds(0));  // throws what a worker met
  }
}

void Sealing::take(Slot& slot) {
  const WalkEntry& entry = slot.entry;
  if (slot.resumed != nullptr) return take_resumed(slot);
  if (!entry.kind.empty()) return report(entry.path, std::string(entry.kind) + ": not sealed");
  if (entry.error != 0) return report(entry.path, system_message(entry.error));
  seal_file(slot);
}

void Sealing::take_resumed(const Slot& slot) {
  if (!slot.resumed->done)
    return report(slot.entry.path, "could not be sealed in the run that was interrupted");
  ++summary_.files;
  ++summary_.resumed;
  summary_.bytes += slot.resumed->identity.size;
  summary_.resumed_bytes += slot.resumed->identity.size;
}

void Sealing::seal_file(Slot& slot) {
  const std::string& path = slot.entry.path;
  ContentResult& result = slot.result;
  JournalEntry journal{journal_name(path), result.identity, false};
  if (!result.kind.empty()) {
    report(path, std::string(result.kind) + ": not sealed");
  } else if (result.error != 0) {
    report(path, system_message(result.error));
  } else if (result.changed) {
    report(path, std::string(kChanged));
  } else if (!is_sealable_path(path)) {
    report(path, "its path is too long: not sealed");
  } else {
    SealedFile file{.path = path, .digest = *result.digest, .chunks = {}, .records = {}};
    file.entry = writer_->lines();
    if (!result.chunks.empty())
      file.chunks = {kChunkBytes, result.chunks.size(), root_of_leaves(result.chunks, hasher_)};
    if (request_.records) file.records = seal_records_of(file, result.identity);
    std::string lines;
    append_file(lines, file);
    writer_->append_lines(lines);
    writer_->append_chunks(result.chunks);
    journal.done = true;
    ++summary_.files;
    summary_.bytes += result.identity.size;
    summary_.resumed_bytes += result.begun_chunks * kChunkBytes;
  }
  writer_->append_journal(journal);
}

/// Nothing for a file that is of no known format, or not as its format says: that one is sealed by
/// its bytes.
std::optional<RecordCommitment> Sealing::seal_records_of(const SealedFile& file,
                                                         const FileIdentity& identity) {
  StudyFile opened = opener_.open(file.path);
  std::string beginning(kBeginning, '\0');
  const ssize_t count = opened.descriptor.is_open()
                            ? pread(opened.descriptor.number(), beginning.data(), kBeginning, 0)
                            : -1;
  beginning.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  const std::string_view form = canonical_form_of(file.path, beginning);
  if (form.empty()) return std::nullopt;
  SealedFile with_records = file;
  with_records.records.emplace();
  const std::string name = record_index_name(with_records);
  try {
    if (count < 0 || opened.identity != identity)
      throw Error(ErrorKind::input, "the file changed after its bytes were read");
    OutputFile index = writer_->make_file(name);
    RecordCommitment records =
        seal_records(std::move(opened.descriptor), index.descriptor(), request_.secret->bytes(),
                     {.canonical_form = std::string(form),
                      .path = file.path,
                      .cells = header_.cells,
                      .cpu = request_.cpu},
                     {.stop = control_.stop, .progress = {}});
    index.sync();
    if (opener_.open(file.path).identity != identity)
      throw Error(ErrorKind::input, "the file changed while its records were read");
    ++summary_.record_files;
    summary_.records += records.count;
    return records;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) throw;
    writer_->remove_file(name);
    report(file.path, "its records are not sealed: " + without_name(error.what(), file.path));
    return std::nullopt;
  }
}

}  // namespace

void check_request(const SealRequest& request) {
  const StudyFolder study(request.folder);
  if (lies_below(request.seal, request.folder))
    throw Error(ErrorKind::usage, request.seal.string() +
                                      ": a seal must not lie within the data (" +
                                      request.folder.string() + ")");
  if (!request.replace && fs::exists(fs::symlink_status(request.seal)))
    throw Error(ErrorKind::usage, request.seal.string() + " is there already");
  if (request.resume && request.grown_from != nullptr)
    throw Error(ErrorKind::usage, "what a study has grown by is sealed in one go");
}

SealSummary seal_study(const SealRequest& request, const OnSealProblem& on_problem,
                       const engine::JobControl& control) {
  check_request(request);
  if (request.records && request.secret == nullptr)
    throw Error(ErrorKind::usage, "records cannot be sealed without the study's secret");
  return Sealing(request, on_problem, control).run();
}

}  // namespace salus::trial
