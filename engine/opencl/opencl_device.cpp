#include "engine/opencl/opencl_device.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "engine/opencl/cl_error.h"
#include "engine/opencl/kernel_sources.h"
#include "engine/opencl/self_test.h"

namespace salus::engine::opencl {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

/// Of the device's memory, what tables of keys may take up.
constexpr std::uint64_t kShareForKeys = 8;

/// Enough for every place on the device to have some blocks to do, in a small part of its memory.
std::size_t default_staging(const DeviceContext& device, const Layout& layout) {
  const std::size_t places = device.compute_units * layout.local * layout.lanes;
  const std::size_t most =
      std::min<std::size_t>(device.max_alloc, device.listed.info.memory_bytes / 16);
  return std::clamp(places * 16 * 1024, std::min(4 * kMiB, most), std::min(256 * kMiB, most));
}

/// A chunk's leaves fill a quarter of the staging size.
unsigned default_chunk_levels(std::size_t staging) {
  return static_cast<unsigned>(std::bit_width(staging / 4 / sizeof(Digest) / 256));
}

ListedDevice find_device(unsigned index) {
  BackendStatus status;
  std::vector<ListedDevice> devices = find_devices(status);
  if (index < devices.size()) return std::move(devices[index]);
  const std::string why = status.available ? fmt::format("there are {}", devices.size())
                                           : status.detail + "; " + status.advice;
  throw Error(ErrorKind::device, fmt::format("no device opencl:{}: {}", index, why));
}

}  // namespace

OpenClDevice::OpenClDevice(ListedDevice listed, const OpenClOptions& options)
    : context_(std::move(listed)),
      cache_(options.cache_folder),
      key_cache_bytes_(context_.listed.info.memory_bytes / kShareForKeys) {
  tuning_ = options.layout.empty() ? tune(context_, cache_, options.lanes)
                                   : force(context_, options.layout);
  const Layout& layout = tuning_.layout;

  BuiltProgram mine(context_, cache_, kMineSource, layout);
  BuiltProgram hash(context_, cache_, kHashManySource, layout);
  BuiltProgram merkle(context_, cache_, kMerkleSource, layout);
  from_cache_ = mine.from_cache() && hash.from_cache() && merkle.from_cache();

  const std::size_t staging =
      options.staging_bytes != 0 ? options.staging_bytes : default_staging(context_, layout);
  const unsigned chunk_levels =
      options.chunk_levels != 0 ? options.chunk_levels : default_chunk_levels(staging);
  scanner_ = std::make_unique<Scanner>(context_, mine, layout, options.hit_capacity);
  hasher_ = std::make_unique<Hasher>(context_, hash, layout, staging);
  merkle_ = std::make_unique<MerkleReducer>(context_, merkle, layout, *hasher_, chunk_levels);
  self_test(*this);
  if (!options.layout.empty()) return;  // only a benchmark's, and asking for binaries costs a build
  for (BuiltProgram* program : {&mine, &hash, &merkle}) program->save(cache_);
}

OpenClDevice::~OpenClDevice() { drain(); }

/// Waits for what is in flight, which may read or write the caller's memory.
void OpenClDevice::drain() noexcept {
  for (const cl::CommandQueue& queue : context_.queues) {
    try {
      queue.finish();
    } catch (const cl::Error&) {  // a lost device has nothing in flight
    }
  }
}

template <typename Work>
decltype(auto) OpenClDevice::run(Work&& work) {
  try {
    return work();
  } catch (const cl::Error& error) {
    drain();
    throw device_error(context_.id, error);
  } catch (...) {
    drain();
    throw;
  }
}

std::vector<Variant> OpenClDevice::variants() {
  const std::string name = to_string(tuning_.layout);
  const std::string same = tuning_.reason == kForced ? kForced : "the layout that scans fastest";
  return {{Job::mine, name, tuning_.reason},
          {Job::hash, name, same},
          {Job::merkle, name, same},
          {Job::verify, "1 lane", "one signature a work-item"}};
}

std::vector<Candidate> OpenClDevice::scan(const kernels::MineParams& params,
                                          const ScanRange& range) {
  return run([&] { return scanner_->scan(params, range); });
}

void OpenClDevice::hash_many(const MessageView& messages, std::optional<std::uint8_t> prefix,
                             std::span<Digest> out) {
  run([&] { hasher_->hash_many(messages, prefix, out); });
}

Digest OpenClDevice::merkle_reduce(TreeKind kind, std::span<const Digest> leaves,
                                   std::span<Digest> levels) {
  return run([&] { return merkle_->reduce(kind, leaves, levels); });
}

Digest OpenClDevice::merkle_root(TreeKind kind, const MessageView& entries) {
  return run([&] { return merkle_->root(kind, entries); });
}

SignatureVerifier& OpenClDevice::verifier() {
  if (!verifier_)
    verifier_ = std::make_unique<SignatureVerifier>(context_, cache_, key_cache_bytes_);
  return *verifier_;
}

void OpenClDevice::verify_signatures(std::span<const signature::Item> items,
                                     std::span<signature::Reason> out) {
  run([&] { verifier().verify(items, out); });
}

void OpenClDevice::register_keys(std::span<const signature::KeyView> keys) {
  run([&] { verifier().register_keys(keys); });
}

std::vector<std::string> layout_names(unsigned index) {
  ListedDevice device = find_device(index);
  const std::string id = device.info.id();
  return with_device_errors(id, [&] {
    std::vector<std::string> names;
    for (const Layout& layout : plausible_layouts(DeviceContext(std::move(device))))
      names.push_back(to_string(layout));
    return names;
  });
}

std::unique_ptr<OpenClDevice> open_device(unsigned index, const OpenClOptions& options) {
  ListedDevice device = find_device(index);
  const std::string id = device.info.id();
  return with_device_errors(
      id, [&] { return std::make_unique<OpenClDevice>(std::move(device), options); });
}

}  // namespace salus::engine::opencl
