#include "trial/proof/prove.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/error.h"
#include "trial/proof/anchor.h"
#include "trial/proof/signed_seal.h"

namespace salus::trial {
namespace {

/// For who left out the folders: what else a file of this name is called in the seal.
std::string other_path(const SealFolder& seal, const std::string& name) {
  const std::string end = "/" + name;
  for (const SealedFile& file : seal.seal().files)
    if (file.path.ends_with(end)) return "; it has " + file.path;
  return {};
}

const SealedFile& sealed_file(const SealFolder& seal, const std::string& path) {
  const SealedFile* const file = seal.find(path);
  if (file == nullptr)
    throw Error(ErrorKind::usage, path + ": the seal has no such file" + other_path(seal, path));
  return *file;
}

const SealedFile& file_with_records(const SealFolder& seal, const std::string& path) {
  const SealedFile& file = sealed_file(seal, path);
  if (!file.records)
    throw Error(ErrorKind::usage,
                path + ": its records are not sealed, so that only the whole file can be proved");
  return file;
}

files::Descriptor open_data(const StudyFolder& data, const std::string& path) {
  StudyFile file = StudyOpener(data).open(path);
  if (file.descriptor.is_open() && file.kind.empty()) return std::move(file.descriptor);
  const std::string why = file.kind.empty() ? std::string(std::strerror(file.error))
                                            : "it is a " + std::string(file.kind);
  throw Error(ErrorKind::input, (data.path() / path).string() + ": " + why);
}

/// What every proof of the seal's entry `index` has.
Proof prove_entry(const SealFolder& seal, std::uint64_t index) {
  Proof proof;
  proof.line = seal.entry(index);
  proof.index = index;
  proof.path = seal.tree().inclusion_proof(index);
  proof.statement = signatures_in(seal).statement;
  if (const auto anchor = seal.part(kAnchorFile, kMaxAnchorBytes))
    proof.anchor.assign(anchor->begin(), anchor->end());
  return proof;
}

bool is_shown(const RecordChoice& choice, const std::string& name) {
  return !choice.show || std::ranges::find(*choice.show, name) != choice.show->end();
}

/// The first ones, for messages.
std::string names_of(const OpenedRecord& record) {
  constexpr std::size_t kListed = 50;
  std::string out;
  for (std::size_t i = 0; i < std::min(record.cells.size(), kListed); ++i)
    out.append(i == 0 ? "" : ", ").append(record.cells[i].name);
  return record.cells.size() > kListed ? out + ", ..." : out;
}

void require_variables(const RecordChoice& choice, const OpenedRecord& record,
                       const std::string& path) {
  if (!choice.show) return;
  for (const std::string& name : *choice.show) {
    const bool has_it = std::ranges::any_of(
        record.cells, [&name](const OpenedCell& cell) { return cell.name == name; });
    if (!has_it)
      throw Error(ErrorKind::usage, path + ": the record has no variable " + name +
                                        "; those that it has are " + names_of(record));
  }
}

RecordProof record_proof(const OpenedRecord& record, const RecordChoice& choice) {
  RecordProof out;
  out.index = record.record;
  out.path = record.path;
  out.salt = record.salt;
  out.cells.reserve(record.cells.size());
  for (const OpenedCell& cell : record.cells) {
    if (is_shown(choice, cell.name))
      out.cells.emplace_back(ShownCell{cell.salt, cell.name, cell.value});
    else
      out.cells.emplace_back(cell.digest);
  }
  return out;
}

}  // namespace

Proof prove_file(const SealFolder& seal, const std::string& path) {
  return prove_entry(seal, sealed_file(seal, path).entry);
}

MadeProof prove_record(const SealFolder& seal, const StudyFolder& data, const StudySecret& secret,
                       const std::string& path, const RecordChoice& choice) {
  const SealedFile& file = file_with_records(seal, path);
  if (choice.record >= file.records->count)
    throw Error(ErrorKind::usage, path + ": has " + std::to_string(file.records->count) +
                                      " records, counted from 0: none is number " +
                                      std::to_string(choice.record));
  const RecordIndex index(seal.record_index(file),
                          (seal.path() / record_index_name(file)).string());
  const OpenedRecord record =
      open_record(open_data(data, path), index, secret.bytes(), path, *file.records, choice.record);
  require_variables(choice, record, path);
  MadeProof out{prove_entry(seal, file.records_entry()), record.key};
  out.proof.record = record_proof(record, choice);
  return out;
}

std::vector<std::uint64_t> find_sealed_records(const SealFolder& seal, const StudyFolder& data,
                                               const std::string& path,
                                               const std::vector<Condition>& conditions,
                                               std::size_t limit) {
  const SealedFile& file = file_with_records(seal, path);
  const RecordIndex index(seal.record_index(file), record_index_name(file));
  return find_records(open_data(data, path), {.path = path,
                                              .canonical_form = file.records->canonical_form,
                                              .conditions = conditions,
                                              .limit = limit,
                                              .index = &index});
}

}  // namespace salus::trial
