#include "trial/records/opened_record.h"

#include <fcntl.h>

#include <cerrno>
#include <system_error>

#include "engine/error.h"
#include "engine/merkle/tree.h"
#include "trial/records/key_variables.h"
#include "trial/records/record_reader.h"
#include "trial/records/sealed_index.h"

namespace salus::trial {
namespace {

files::Descriptor same_file(const files::Descriptor& file, const std::string& name) {
  files::Descriptor copy(fcntl(file.number(), F_DUPFD_CLOEXEC, 0));
  if (!copy.is_open())
    throw Error(ErrorKind::system, name + ": " + std::generic_category().message(errno));
  return copy;
}

/// A reader whose next batches come to `record`, begun as near as the index knows how.
std::unique_ptr<RecordReader> reader_before(const files::Descriptor& file, const RecordIndex& index,
                                            const std::string& path, const std::string& form,
                                            std::uint64_t record) {
  if (const auto restart = index.restart_before(record)) {
    auto reader = open_records(form, same_file(file, path), path);
    if (reader->resume(restart->record, restart->offset)) return reader;
  }
  return open_records(form, same_file(file, path), path);
}

/// Reads up to the batch that holds `record`; its place there.
std::size_t read_up_to(RecordReader& reader, std::uint64_t record, RecordBatch& batch,
                       const std::string& path) {
  while (reader.next(batch))
    if (record >= batch.first && record - batch.first < batch.size()) return record - batch.first;
  throw Error(ErrorKind::input,
              path + ": has no record number " + std::to_string(record) + " any more");
}

}  // namespace

OpenedRecord open_record(files::Descriptor file, const RecordIndex& index, StudySecretBytes secret,
                         const std::string& path, const RecordCommitment& sealed,
                         std::uint64_t record) {
  require_sealed_index(index, sealed);
  const FileKey key(secret, sealed.canonical_form, path);
  sealed_layouts(index, key);
  OpenedRecord out;
  out.leaf = index.leaf(record);
  out.path = index.path(record);
  out.record = record;
  out.tree_size = index.size();

  const auto reader = reader_before(file, index, path, sealed.canonical_form, record);
  RecordBatch batch;
  const std::span<const Cell> cells = batch.record(read_up_to(*reader, record, batch, path));
  out.dataset = batch.dataset;
  out.key = describe_key({}, cells, key_variables(cells));
  out.salt = key.record_salt(record);
  std::vector<Digest> digests;
  for (const Cell& cell : cells) {
    const Salt salt = key.cell_salt(record, static_cast<std::uint32_t>(digests.size()));
    digests.push_back(cell_digest(salt, cell));
    out.cells.push_back({std::string(cell.name), std::string(cell.value), salt, digests.back()});
  }
  out.entry = record_entry(out.salt, record, digests);
  if (merkle::leaf_hash(merkle::TreeKind::rfc9162, out.entry) != out.leaf)
    throw Error(ErrorKind::input, path + ": record number " + std::to_string(record) +
                                      " is not the one that was sealed");
  return out;
}

}  // namespace salus::trial
