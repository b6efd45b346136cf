// Manifests as text, for tests.
#pragma once

#include <string>
#include <string_view>

#include "engine/error.h"
#include "tests/support/temporary_folder.h"
#include "trial/manifest/manifest.h"

namespace salus::test {

/// What the manifest `text` of the folder "/data/study" says; how it fails, in `failure`.
inline trial::Manifest read_manifest_text(std::string_view text, std::string* failure = nullptr) {
  const TemporaryFolder folder;
  const std::string path = folder.write("m", text);
  try {
    return trial::read_manifest(path, "/data/study");
  } catch (const Error& error) {
    if (failure == nullptr) throw;
    *failure = std::string(error.what()).substr(path.size());
    return {};
  }
}

inline std::string manifest_failure(std::string_view text) {
  std::string failure;
  read_manifest_text(text, &failure);
  return failure;
}

/// SHA-256 of "abc".
inline const std::string kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

}  // namespace salus::test
