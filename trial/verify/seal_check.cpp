#include "trial/verify/seal_check.h"

#include <algorithm>

#include "engine/error.h"
#include "trial/records/record_index.h"

namespace salus::trial {
namespace {

void check_index(const SealFolder& seal, const SealedFile& file) {
  const std::string name = (seal.path() / record_index_name(file)).string();
  const RecordIndex index(seal.record_index(file), name);
  const bool cells = seal.seal().header.cells;
  if (index.root() != file.records->root || index.size() != file.records->count ||
      index.has_cells() != cells)
    throw Error(ErrorKind::input, name + ": is not the one that SHA256SUMS says");
  index.check();
}

}  // namespace

std::vector<std::string> seal_faults(const SealFolder& seal, const engine::JobControl& control) {
  std::vector<std::string> faults = seal.faults();
  for (const SealedFile& file : seal.seal().files) {
    if (control.stop.stop_requested()) throw Cancelled();
    if (!file.records) continue;
    try {
      check_index(seal, file);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::input) throw;
      // One that is missing is known by now.
      const std::string fault = error.what();
      if (std::find(faults.begin(), faults.end(), fault) == faults.end()) faults.push_back(fault);
    }
  }
  return faults;
}

}  // namespace salus::trial
