#include "trial/content/content_hasher.h"

#include <algorithm>
#include <thread>

#include "engine/cpu/cpu_info.h"
#include "trial/content/content_worker.h"
#include "trial/seal/seal.h"

namespace salus::trial {
namespace {

/// Of all workers together, and what each has at least and at most.
constexpr std::size_t kBuffers = std::size_t{128} << 20;
constexpr std::size_t kLeastBuffer = std::size_t{4} << 20;
constexpr std::size_t kMostBuffer = std::size_t{16} << 20;

/// Where files get both a digest and chunks, as many chunks as there are lanes should fit.
std::size_t most_buffer(const ContentOptions& options, const engine::LaneHasher& hasher) {
  if (!options.whole_digests) return kMostBuffer;
  return std::max(kMostBuffer, side_by_side(hasher) * kChunkBytes);
}

/// Large files that are open at once, for each worker: while one is read, another can be opened.
constexpr std::size_t kLargeFiles = 2;

unsigned workers_wanted(const engine::CpuOptions& options) {
  return options.threads != 0 ? options.threads : engine::cpu::usable_cores();
}

}  // namespace

struct ContentHasher::Impl {
  Impl(const StudyFolder& study, ContentClient& client, const ContentOptions& options,
       const engine::LaneHasher& hasher, unsigned worker_count)
      : shared{study,
               client,
               hasher,
               options,
               std::clamp(kBuffers / worker_count, kLeastBuffer, most_buffer(options, hasher)) +
                   kChunkBytes,
               Supply(client, worker_count),
               LargeFilePool(kLargeFiles * worker_count, options.whole_digests)} {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { shared.supply.stop(); }

  void run_worker() noexcept {
    try {
      ContentWorker(shared).run();
    } catch (...) {
      shared.supply.fail(std::current_exception());
    }
    shared.supply.worker_ended();
  }

  ContentShared shared;
  std::vector<std::jthread> workers;  ///< Last, so that they end before what they use.
};

ContentHasher::ContentHasher(const StudyFolder& study, ContentClient& client,
                             const ContentOptions& options, const engine::LaneHasher& hasher) {
  const unsigned workers = workers_wanted(options.cpu);
  impl_ = std::make_unique<Impl>(study, client, options, hasher, workers);
  for (unsigned i = 0; i < workers; ++i)
    impl_->workers.emplace_back([impl = impl_.get()] { impl->run_worker(); });
}

ContentHasher::~ContentHasher() = default;

bool ContentHasher::wait_for(std::chrono::milliseconds time) {
  return impl_->shared.supply.wait_for_end(time);
}

void ContentHasher::wake() { impl_->shared.supply.wake(); }

void ContentHasher::visit_begun(const std::function<void(const BegunPart&)>& visit) {
  impl_->shared.large.visit_begun(visit);
}

std::uint64_t ContentHasher::bytes() const {
  return impl_->shared.bytes.load(std::memory_order_relaxed);
}

}  // namespace salus::trial
