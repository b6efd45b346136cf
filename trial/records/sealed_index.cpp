#include "trial/records/sealed_index.h"

#include "engine/error.h"

namespace salus::trial {

void require_sealed_index(const RecordIndex& index, const RecordCommitment& sealed) {
  if (index.size() != sealed.count || index.root() != sealed.root)
    throw Error(ErrorKind::input, index.name() + ": damaged: is not the index of what was sealed");
}

std::vector<Layout> sealed_layouts(const RecordIndex& index, const FileKey& key) {
  try {
    return open_layouts(key, index.sealed_layouts());
  } catch (const Error& error) {
    throw Error(error.kind(), index.name() + ": " + error.what());
  }
}

}  // namespace salus::trial
