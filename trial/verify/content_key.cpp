#include "trial/verify/content_key.h"

#include "trial/seal/seal_tree.h"

namespace salus::trial {

Digest content_key(const SealedFile& file) { return file.chunks ? file.chunks->root : file.digest; }

Digest content_key(const ContentResult& result, const engine::LaneHasher& hasher) {
  return result.chunks.empty() ? *result.digest : root_of_leaves(result.chunks, hasher);
}

}  // namespace salus::trial
