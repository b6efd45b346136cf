// Manifests of sha256sum, hashdeep and bags from anywhere: reading ends, and no path in what it
// gives leads out of the folder.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/error.h"
#include "tests/fuzz/memory_file.h"
#include "trial/manifest/manifest.h"
#include "trial/seal/sums.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace salus;
  const files::Descriptor file = test::memory_file(data, size);
  const std::string path = "/proc/self/fd/" + std::to_string(file.number());
  try {
    const trial::Manifest manifest = trial::read_manifest(path, "/data/study");
    for (const trial::ManifestFile& listed : manifest.files)
      if (!trial::is_sealable_path(listed.path)) std::abort();
    // Written again, it says the same.
    const std::string text = trial::sha256sum_text(manifest.files);
    const files::Descriptor again =
        test::memory_file(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    const trial::Manifest second =
        trial::read_manifest("/proc/self/fd/" + std::to_string(again.number()), "/data/study");
    if (second.files.size() != manifest.files.size()) std::abort();
    for (std::size_t i = 0; i < second.files.size(); ++i)
      if (second.files[i].path != manifest.files[i].path ||
          second.files[i].digest != manifest.files[i].digest)
        std::abort();
  } catch (const Error&) {
  }
  return 0;
}
