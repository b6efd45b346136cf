// Record indexes from anywhere: whatever can be opened can be read without harm, or says that it is
// damaged; what was checked has leaves that lead to its root.
#include <cstdint>
#include <cstdlib>

#include "engine/error.h"
#include "engine/merkle/tree.h"
#include "tests/fuzz/memory_file.h"
#include "trial/records/record_index.h"

namespace {

using namespace salus;
using namespace salus::trial;

void read_all(const RecordIndex& index) {
  for (std::uint64_t block = 0; block < index.blocks(); ++block) {
    IndexFingerprints fingerprints;
    index.read_fingerprints(block, fingerprints);
    IndexCells cells;
    if (index.has_cells()) index.read_cells(block, cells);
  }
  index.check();
  if (index.size() != 0 &&
      merkle::inclusion_root(index.leaf(0), 0, index.size(), index.path(0)) != index.root())
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    read_all(RecordIndex(test::memory_file(data, size), "input"));
  } catch (const Error&) {
  }
  return 0;
}
