#include "trial/records/record_sealing.h"

#include "engine/cpu/block_hasher.h"
#include "trial/records/index_writer.h"
#include "trial/records/layouts.h"
#include "trial/records/record_pipeline.h"
#include "trial/records/record_reader.h"

namespace salus::trial {
namespace {

/// Puts batches into the index as they come.
class Sealer {
 public:
  Sealer(int index, bool cells, const engine::cpu::BlockHasher& hasher)
      : cells_(cells), writer_(index, cells, hasher) {}

  void add(const HashedBatch& hashed) {
    if (hashed.batch.offset != RecordBatch::kNoOffset) writer_.add_restart(hashed.batch.offset);
    IndexedRecords records{hashed.leaves, hashed.contents, hashed.keys};
    if (cells_) {
      describe_cells(hashed.batch);
      records.layouts = layouts_;
      records.cell_counts = counts_;
      records.cells = hashed.cells;
    }
    writer_.add(records);
  }

  RecordCommitment finish(const FileKey& key, std::string canonical_form) {
    RecordCommitment out;
    out.canonical_form = std::move(canonical_form);
    out.count = writer_.records();
    out.root = writer_.finish(seal_layouts(key, table_.layouts()));
    return out;
  }

 private:
  void describe_cells(const RecordBatch& batch) {
    layouts_.clear();
    counts_.clear();
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const std::span<const Cell> record = batch.record(i);
      layouts_.push_back(table_.number_of(record));
      counts_.push_back(static_cast<std::uint32_t>(record.size()));
    }
  }

  bool cells_;
  IndexWriter writer_;
  LayoutTable table_;
  std::vector<std::uint32_t> layouts_;  // of the batch
  std::vector<std::uint32_t> counts_;
};

}  // namespace

RecordCommitment seal_records(files::Descriptor file, int index, StudySecretBytes secret,
                              const RecordSealRequest& request, const engine::JobControl& control) {
  const FileKey key(secret, request.canonical_form, request.path);
  const engine::cpu::BlockHasher hasher(request.cpu);
  const auto reader = open_records(request.canonical_form, std::move(file), request.path);
  Sealer sealer(index, request.cells, hasher);
  RecordPipeline pipeline(*reader, key, hasher,
                          {.threads = request.cpu.threads, .cells = request.cells});
  pipeline.run([&](HashedBatch& hashed) { sealer.add(hashed); }, control);
  return sealer.finish(key, request.canonical_form);
}

}  // namespace salus::trial
