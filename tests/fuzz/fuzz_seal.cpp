// SHA256SUMS of a seal from anywhere: reading must end, what is read must be writable as the very
// same text, and no path may lead out of the folder that it is for.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/error.h"
#include "trial/seal/sums.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const salus::trial::Seal seal = salus::trial::read_sums(text);
    if (write_sums(seal) != text) std::abort();
    std::uint64_t lines = 0;
    for (const salus::trial::SealedFile& file : seal.files) {
      if (!salus::trial::is_sealable_path(file.path) || file.entry < lines) std::abort();
      lines = file.entry + file.lines();
    }
  } catch (const salus::Error& error) {
    if (error.kind() != salus::ErrorKind::input) std::abort();
  }
  return 0;
}
