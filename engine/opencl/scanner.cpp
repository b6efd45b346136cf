#include "engine/opencl/scanner.h"

#include <algorithm>
#include <chrono>

namespace salus::engine::opencl {
namespace {

/// Long enough that starting a launch costs nothing, short enough that a desktop stays alive and a
/// caller who wants to stop does not wait.
constexpr double kLaunchSeconds = 0.05;
constexpr std::uint32_t kMaxLaunchNonces = 1u << 28;  ///< kernels/opencl/mine.cl's limit
constexpr std::uint32_t kMaxSteps = 64;
/// Work-items for every place on the device, so that the last ones to end leave little idle.
constexpr std::size_t kWaves = 32;
/// Taken for a work-item's rate before anything has been measured.
constexpr double kFirstHashesPerSecond = 1e5;

}  // namespace

Scanner::Scanner(const DeviceContext& device, const BuiltProgram& program, Layout layout,
                 std::uint32_t hit_capacity)
    : device_(device),
      layout_(layout),
      hit_capacity_(std::max<std::uint32_t>(hit_capacity, SALUS_MINE_MAX_VERSIONS)),
      scan_one_(program.kernel("scan_one")),
      scan_rolled_(program.kernel("scan_rolled")),
      params_(device.context, CL_MEM_READ_ONLY, sizeof(kernels::MineParams)),
      hashes_per_second_(kFirstHashesPerSecond *
                         static_cast<double>(device.compute_units * layout.local * layout.lanes)) {
  for (Slot& slot : slots_) slot = make_slot();
}

Scanner::Slot Scanner::make_slot() const {
  const std::size_t words = 2 + 2 * std::size_t{hit_capacity_};
  return {cl::Buffer(device_.context, CL_MEM_READ_WRITE, words * 4),
          std::vector<std::uint32_t>(words),
          {}};
}

std::vector<Candidate> Scanner::scan(const kernels::MineParams& params, const ScanRange& range) {
  device_.queues[0].enqueueWriteBuffer(params_, CL_TRUE, 0, sizeof params, &params);
  std::vector<Candidate> found;
  scan_parts(range, found);
  std::sort(found.begin(), found.end());
  return found;
}

/// All launches go to one queue: a second would only make them compete.
void Scanner::scan_parts(const ScanRange& range, std::vector<Candidate>& out) {
  std::uint64_t done = 0;
  std::size_t started = 0;
  std::size_t finished = 0;
  while (done < range.nonce_count || finished < started) {
    if (done < range.nonce_count && started - finished < kQueues) {
      const std::uint64_t count =
          std::min<std::uint64_t>(range.nonce_count - done, launch_nonces(range.version_count));
      start(slots_[started++ % kQueues],
            {static_cast<std::uint32_t>(range.nonce_begin + done), count, range.version_count});
      done += count;
    } else {
      finish(slots_[finished++ % kQueues], out);
    }
  }
}

void Scanner::start(Slot& slot, const ScanRange& part) {
  const cl::CommandQueue& queue = device_.queues[0];
  Launch& launch = slot.launch;
  launch = {part.nonce_begin,
            static_cast<std::uint32_t>(part.nonce_count),
            part.version_count,
            0,
            {},
            {}};
  slot.words[0] = 0;
  queue.enqueueWriteBuffer(slot.hits, CL_FALSE, 0, 4, slot.words.data());

  const std::uint32_t steps = steps_for(launch.nonce_count);
  cl::Kernel& kernel = launch.versions == 1 ? scan_one_ : scan_rolled_;
  set_args(kernel, params_, launch.nonce_begin, launch.nonce_count, steps, hit_capacity_,
           slot.hits);
  if (launch.versions != 1) kernel.setArg(6, static_cast<cl_uint>(launch.versions));
  const std::size_t nonces_per_item = std::size_t{steps} * layout_.lanes;
  enqueue(queue, kernel, layout_, (launch.nonce_count + nonces_per_item - 1) / nonces_per_item,
          &launch.kernel_done);
  queue.enqueueReadBuffer(slot.hits, CL_FALSE, 0, slot.words.size() * 4, slot.words.data(), nullptr,
                          &launch.read_done);
  queue.flush();
}

void Scanner::finish(Slot& slot, std::vector<Candidate>& out) {
  slot.launch.read_done.wait();
  learn_rate(slot.launch);
  slot.launch.candidates = slot.words[0];
  if (slot.launch.candidates > hit_capacity_) return scan_again(slot.launch, out);
  for (std::uint32_t i = 0; i < slot.launch.candidates; ++i) {
    out.push_back({slot.words[2 + 2 * i], slot.words[3 + 2 * i]});
  }
}

/// The launch had more candidates than its buffer holds: scans it in parts that should have half as
/// many as fit, and those that still have too many likewise. A part whose every hash fits ends it.
void Scanner::scan_again(const Launch& launch, std::vector<Candidate>& out) {
  const std::uint64_t expected_to_fit =
      std::uint64_t{launch.nonce_count} * hit_capacity_ / (2 * std::uint64_t{launch.candidates});
  const std::uint64_t part =
      std::max<std::uint64_t>(expected_to_fit, hit_capacity_ / launch.versions);
  Slot slot = make_slot();
  for (std::uint64_t done = 0; done < launch.nonce_count; done += part) {
    start(slot, {static_cast<std::uint32_t>(launch.nonce_begin + done),
                 std::min(part, launch.nonce_count - done), launch.versions});
    finish(slot, out);
  }
}

void Scanner::learn_rate(const Launch& launch) {
  const auto begin = launch.kernel_done.getProfilingInfo<CL_PROFILING_COMMAND_START>();
  const auto end = launch.kernel_done.getProfilingInfo<CL_PROFILING_COMMAND_END>();
  const double seconds = 1e-9 * static_cast<double>(end - begin);
  // A launch far shorter than the clock's grain and the launch's own cost says nothing.
  if (end <= begin || seconds < 1e-4) return;
  const double measured = static_cast<double>(launch.nonce_count) * launch.versions / seconds;
  hashes_per_second_ = std::clamp(measured, hashes_per_second_ / 4, hashes_per_second_ * 4);
}

std::uint32_t Scanner::launch_nonces(unsigned versions) const {
  const double nonces = hashes_per_second_ * kLaunchSeconds / versions;
  return static_cast<std::uint32_t>(std::clamp<double>(nonces, 1024, kMaxLaunchNonces));
}

std::uint32_t Scanner::steps_for(std::uint64_t nonces) const {
  const std::size_t places = device_.compute_units * layout_.local * layout_.lanes * kWaves;
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(nonces / places, 1, kMaxSteps));
}

double Scanner::measure(unsigned versions) {
  kernels::MineParams params{};
  params.reject_mask = 0xffffffffu;
  // Grows the launches to their full size, then times one.
  for (int i = 0; i < 4; ++i) scan(params, {0, launch_nonces(versions), versions});
  scan(params, {0, 2 * std::uint64_t{launch_nonces(versions)}, versions});
  return hashes_per_second_;
}

}  // namespace salus::engine::opencl
