#include "engine/engine.h"

#include <algorithm>
#include <sstream>

#include "engine/error.h"
#include "engine/jobs/device_pool.h"
#include "engine/jobs/jobs.h"
#include "engine/jobs/placement.h"
#include "engine/log.h"
#include "engine/openssl_sha256.h"

namespace salus::engine {
namespace {

/// RFC 9162 section 2.1.1: the byte before an entry when its leaf is hashed.
constexpr std::uint8_t kLeafPrefix = 0x00;

std::vector<std::string> split_ids(const std::string& list) {
  std::vector<std::string> ids;
  std::istringstream stream(list);
  for (std::string id; std::getline(stream, id, ',');) ids.push_back(id);
  if (ids.empty()) throw Error(ErrorKind::usage, "no device named: --device is empty");
  return ids;
}

/// "auto" leaves out OpenCL devices that would only share what another device already uses.
bool wanted_by_auto(const DeviceInfo& info, std::span<const std::unique_ptr<Device>> opened) {
  const auto same_board = [&](const std::unique_ptr<Device>& device) {
    return !info.pci_bus_id.empty() && device->info().pci_bus_id == info.pci_bus_id;
  };
  if (info.shares_host_cores)
    logging::info("auto: {} is left out: it runs on the same cores as cpu", info.id());
  else if (std::ranges::any_of(opened, same_board))
    logging::info("auto: {} is left out: its board is used through CUDA", info.id());
  else
    return true;
  return false;
}

std::vector<std::unique_ptr<Device>> open_all(const EngineOptions& options) {
  std::vector<std::unique_ptr<Device>> devices;
  devices.push_back(open_cpu_device(options.cpu));
  const std::vector<DeviceInfo> found = list_devices().devices;
  for (const Backend backend : {Backend::cuda, Backend::opencl}) {
    for (const DeviceInfo& info : found) {
      if (info.backend != backend) continue;
      if (options.devices == "auto" && !wanted_by_auto(info, devices)) continue;
      try {
        devices.push_back(open_device(info.id(), options.cpu));
      } catch (const Error& error) {
        logging::warn("{} is left out: {}", info.id(), error.what());
      }
    }
  }
  return devices;
}

std::vector<std::unique_ptr<Device>> open_devices(const EngineOptions& options) {
  if (options.devices == "auto" || options.devices == "all") return open_all(options);
  std::vector<std::string> ids = split_ids(options.devices);
  std::vector<std::unique_ptr<Device>> devices;
  for (const std::string& id : ids) {
    if (std::ranges::count(ids, id) > 1)
      throw Error(ErrorKind::usage, "device " + id + " is named twice");
    devices.push_back(open_device(id, options.cpu));
  }
  return devices;
}

void check_entries(TreeKind kind, const MessageView& entries) {
  if (kind != TreeKind::bitcoin) return;
  if (entries.count() == 0) throw Error(ErrorKind::input, "a Bitcoin tree has at least one leaf");
  for (std::size_t i = 0; i < entries.count(); ++i)
    if (entries[i].size() != sizeof(Digest))
      throw Error(ErrorKind::input, "entry " + std::to_string(i) + " of a Bitcoin tree has " +
                                        std::to_string(entries[i].size()) + " bytes, not 32");
}

}  // namespace

struct Engine::Impl {
  Impl(std::vector<std::unique_ptr<Device>> devices, const EngineOptions& options)
      : self_check(options.self_check),
        pool(std::move(devices), options.cpu, options.key_cache_bytes) {}

  JobContext context(const JobControl& control) { return {pool, self_check, control}; }

  bool self_check;
  DevicePool pool;
};

Engine::Engine(const EngineOptions& options) : Engine(open_devices(options), options) {}

Engine::Engine(std::vector<std::unique_ptr<Device>> devices, const EngineOptions& options)
    : impl_(std::make_unique<Impl>(std::move(devices), options)) {}

Engine::~Engine() = default;

std::vector<DeviceInfo> Engine::devices() const {
  std::vector<DeviceInfo> infos;
  for (const Slot* slot : impl_->pool.slots()) infos.push_back(slot->device->info());
  return infos;
}

std::vector<DeviceLoad> Engine::loads() const {
  std::vector<DeviceLoad> loads;
  for (const Slot* slot : impl_->pool.slots())
    loads.push_back({slot->device->info().id(), slot->busy_seconds()});
  return loads;
}

std::vector<std::string> Engine::explain() { return explain_placement(impl_->pool); }

void Engine::hash_many(const MessageView& messages, std::span<Digest> out,
                       const JobControl& control) {
  if (out.size() != messages.count())
    throw Error(ErrorKind::usage, "hash_many: room for " + std::to_string(out.size()) +
                                      " digests of " + std::to_string(messages.count()) +
                                      " messages");
  hash_job(impl_->context(control), messages, std::nullopt, out);
}

Digest Engine::merkle_root(TreeKind kind, const MessageView& entries, const JobControl& control) {
  check_entries(kind, entries);
  if (entries.count() == 0) return openssl_sha256({});
  return merkle_root_job(impl_->context(control), kind, entries);
}

merkle::Tree Engine::merkle_tree(TreeKind kind, const MessageView& entries,
                                 const JobControl& control) {
  check_entries(kind, entries);
  const JobContext context = impl_->context(control);
  std::vector<Digest> leaves(entries.count());
  if (kind == TreeKind::rfc9162) {
    hash_job({context.pool, context.self_check, {control.stop, {}}}, entries, kLeafPrefix, leaves);
  } else {
    for (std::size_t i = 0; i < leaves.size(); ++i)
      std::ranges::copy(entries[i], leaves[i].begin());
  }
  return merkle_tree_of_leaves(kind, std::move(leaves), control);
}

merkle::Tree Engine::merkle_tree_of_leaves(TreeKind kind, std::vector<Digest> leaves,
                                           const JobControl& control) {
  std::vector<Digest> levels = merkle_levels_job(impl_->context(control), kind, leaves);
  return {kind, std::move(leaves), std::move(levels)};
}

signature::Verdicts Engine::verify_batch(std::span<const signature::Item> items,
                                         const signature::Policy& policy,
                                         const JobControl& control) {
  return verify_job(impl_->context(control), items, policy);
}

void Engine::register_keys(std::span<const signature::KeyView> keys) {
  register_keys_job(impl_->pool, keys);
}

MineResult Engine::mine(const MineRequest& request, const JobControl& control) {
  return mine_job(impl_->context(control), request);
}

}  // namespace salus::engine
