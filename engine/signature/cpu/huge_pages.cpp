#include "engine/signature/cpu/huge_pages.h"

#include <sys/mman.h>

#include <memory>

namespace salus::engine::signature::cpu {
namespace {

constexpr std::uint64_t kHugePage = std::uint64_t{2} << 20;

}  // namespace

HugePages::HugePages(std::uint64_t bytes) {
  for (; bytes > 0; bytes /= 2) {
    mapped_bytes_ = bytes + kHugePage;  // room to begin on a boundary
    mapping_ = mmap(nullptr, mapped_bytes_, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapping_ != MAP_FAILED) break;
    mapping_ = nullptr;
  }
  if (mapping_ == nullptr) return;
  void* begin = mapping_;
  std::size_t room = mapped_bytes_;
  data_ = static_cast<std::uint8_t*>(std::align(kHugePage, bytes, begin, room));
  bytes_ = bytes;
  madvise(data_, bytes_, MADV_HUGEPAGE);  // small pages serve as well, only slower
}

HugePages::~HugePages() {
  if (mapping_ != nullptr) munmap(mapping_, mapped_bytes_);
}

}  // namespace salus::engine::signature::cpu
