#include "trial/verify/changed_file.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "engine/error.h"
#include "trial/records/record_difference.h"
#include "trial/records/record_index.h"
#include "trial/records/record_reader.h"

namespace salus::trial {
namespace {

void add_place(Finding& finding, const Place& place, std::size_t limit) {
  if (finding.places.size() < limit)
    finding.places.push_back(place);
  else
    ++finding.more_places;
}

void compare_chunks(Finding& finding, const VerifyRequest& request, const SealedFile& file,
                    const ContentResult& result) {
  if (result.chunks.empty()) return;  // too short by now to have any
  const std::vector<Digest> sealed = request.seal->chunk_leaves(file);
  const std::size_t both = std::min(sealed.size(), result.chunks.size());
  for (std::size_t i = 0; i < std::max(sealed.size(), result.chunks.size()); ++i) {
    if (i < both && sealed[i] == result.chunks[i]) continue;
    Place place;
    place.kind = Place::Kind::chunk;
    place.index = i;
    if (i >= both) place.change = i < sealed.size() ? Place::Change::removed : Place::Change::added;
    add_place(finding, place, request.max_places);
  }
}

/// What was found, in a few words.
std::string summary_of(const RecordDifference& difference) {
  std::string out;
  const auto add = [&](std::uint64_t count, std::string_view what) {
    if (count == 0) return;
    out.append(out.empty() ? "" : ", ").append(std::to_string(count)).append(" ").append(what);
  };
  add(difference.changed, "changed");
  add(difference.added, "added");
  add(difference.removed, "removed");
  add(difference.moved, "moved");
  if (!difference.fault.empty()) out.append(out.empty() ? "" : ", ").append("not read to the end");
  if (!out.empty()) out.insert(0, "records: ");
  return out;
}

void compare_the_records(Finding& finding, const VerifyRequest& request, const SealedFile& file,
                         files::Descriptor descriptor, const engine::JobControl& control) {
  const RecordIndex index(request.seal->record_index(file),
                          (request.seal->path() / record_index_name(file)).string());
  const RecordDifference difference =
      compare_records(std::move(descriptor), index, request.secret->bytes(),
                      {.path = file.path,
                       .sealed = *file.records,
                       .max_places = request.max_places,
                       .cpu = request.cpu},
                      {.stop = control.stop, .progress = {}});
  for (const Place& place : difference.places) add_place(finding, place, request.max_places);
  finding.more_places += difference.more_places;
  finding.reason = summary_of(difference);
  finding.fault = without_name(difference.fault, file.path);
  if (difference.equal) finding.outcome = Outcome::records_equal;
}

Finding unreadable(const std::string& path) {
  Finding out;
  out.outcome = Outcome::unreadable;
  out.path = path;
  out.reason = "changes while it is read";
  return out;
}

}  // namespace

Finding examine_changed(const VerifyRequest& request, const StudyFolder& study,
                        const SealedFile& file, const ContentResult& result,
                        const engine::JobControl& control) {
  StudyOpener opener(study);
  StudyFile opened = opener.open(file.path);
  if (opened.error != 0 || opened.identity != result.identity) return unreadable(file.path);
  Finding finding;
  finding.outcome = Outcome::changed;
  finding.path = file.path;
  try {
    if (file.chunks) compare_chunks(finding, request, file, result);
    if (file.records && request.secret != nullptr)
      compare_the_records(finding, request, file, std::move(opened.descriptor), control);
  } catch (const Error& error) {
    // That a part of the seal is damaged takes away the places, not the verdict.
    if (error.kind() != ErrorKind::input) throw;
    finding.reason = error.what();
  }
  if (file.records && request.secret == nullptr)
    finding.reason = "which records, the study's secret would show";
  if (opener.open(file.path).identity != result.identity) return unreadable(file.path);
  return finding;
}

}  // namespace salus::trial
