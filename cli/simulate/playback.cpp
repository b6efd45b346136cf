#include "cli/simulate/playback.h"

#include <cstring>
#include <utility>

#include "cli/simulate/delivery.h"

namespace salus::cli::simulate {
namespace {

/// Key ids are cut from SHA-256: any part of one is a good hash.
std::size_t lane_of(const node::KeyId& signer, std::size_t lanes) {
  std::uint64_t part = 0;
  std::memcpy(&part, signer.data(), sizeof part);
  return static_cast<std::size_t>(part % lanes);
}

/// Ends early once nobody takes anything any more.
void play_file(LoadFileReader& file, std::size_t batch, Feeds& feeds) {
  std::vector<Batch> waiting(feeds.lanes());
  while (const LoadFileReader::Message* message = file.next()) {
    const std::size_t lane = lane_of(message->signer, feeds.lanes());
    waiting[lane].append(message->bytes, message->kind);
    if (waiting[lane].size() >= batch && !feeds.push(lane, std::exchange(waiting[lane], {})))
      return;
  }
  for (std::size_t lane = 0; lane < waiting.size(); ++lane)
    if (!waiting[lane].empty() && !feeds.push(lane, std::move(waiting[lane]))) return;
}

}  // namespace

template <typename Work>
void Playback::start(Feeds& feeds, Work work) {
  thread_ = std::jthread([this, &feeds, work = std::move(work)]() mutable {
    try {
      work();
    } catch (...) {
      failure_ = std::current_exception();
    }
    cpu_seconds_ = thread_cpu_seconds();
    feeds.end();
  });
}

Playback::Playback(std::vector<Batch> batches, Feeds& feeds) {
  start(feeds, [&feeds, batches = std::move(batches)]() mutable {
    for (Batch& batch : batches)
      if (!feeds.push(0, std::move(batch))) return;
  });
}

Playback::Playback(LoadFileReader& file, std::size_t batch, Feeds& feeds) {
  start(feeds, [&file, batch, &feeds] { play_file(file, batch, feeds); });
}

double Playback::finish() {
  thread_.join();
  if (failure_) std::rethrow_exception(failure_);
  return cpu_seconds_;
}

std::vector<Batch> read_registrations(LoadFileReader& file, std::size_t batch) {
  std::vector<Batch> batches;
  for (const LoadFileReader::Message* ahead = file.peek();
       ahead != nullptr && ahead->kind == Kind::registration; ahead = file.peek()) {
    if (batches.empty() || batches.back().size() >= batch) batches.emplace_back();
    batches.back().append(ahead->bytes, ahead->kind);
    file.next();
  }
  return batches;
}

}  // namespace salus::cli::simulate
