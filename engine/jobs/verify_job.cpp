// Batch verification. Form is decided here, on the host; what is left goes to the devices.
#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "engine/jobs/jobs.h"
#include "engine/jobs/placement.h"
#include "engine/jobs/range_source.h"
#include "engine/jobs/self_check.h"
#include "engine/jobs/shared_run.h"
#include "engine/log.h"
#include "engine/signature/form.h"
#include "engine/signature/reference.h"

namespace salus::engine {
namespace {

using signature::Item;
using signature::Policy;
using signature::Reason;

/// What no device can answer: stands where one has not decided yet.
constexpr Reason kUndecided = Reason::unknown_algorithm;

/// Signatures: hashing this many bytes takes about as long as the curve does.
double units_of(const Item& item) {
  constexpr double kBytesPerSignature = 1 << 14;
  return 1 + static_cast<double>(item.message.size()) / kBytesPerSignature;
}

ItemRange cut_items(std::span<const Item> items, std::size_t first, std::size_t end, double units) {
  constexpr double kFirstSignatures = 4096;
  const double wanted = units > 0 ? units : kFirstSignatures;
  ItemRange range{first, 0, 0};
  while (first + range.count < end && (range.count == 0 || range.units < wanted))
    range.units += units_of(items[first + range.count++]);
  return range;
}

/// What of a piece of work is left to decide after its form, and where the answers go.
class OpenItems {
 public:
  OpenItems(std::span<const Item> items, const Policy& policy, std::span<Reason> reasons)
      : reasons_(reasons) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      reasons[i] = signature::check_form(items[i], policy);
      if (reasons[i] != Reason::valid) continue;
      reasons[i] = kUndecided;
      items_.push_back(items[i]);
      places_.push_back(i);
    }
    answers_.assign(items_.size(), kUndecided);
  }

  /// Throws `Error` (device) when the device does not decide each item.
  void decide_on(Device& device) {
    device.verify_signatures(items_, answers_);
    const bool is_complete = std::ranges::all_of(answers_, [](Reason reason) {
      return reason == Reason::valid || reason == Reason::mismatch ||
             reason == Reason::key_not_on_curve;
    });
    if (!is_complete)
      throw Error(ErrorKind::device, device.info().id() + ": left signatures undecided");
  }

  [[nodiscard]] std::span<const Item> items() const { return items_; }
  [[nodiscard]] std::span<const Reason> answers() const { return answers_; }

  void store() {
    for (std::size_t i = 0; i < places_.size(); ++i) reasons_[places_[i]] = answers_[i];
  }

 private:
  std::span<Reason> reasons_;
  std::vector<Item> items_;
  std::vector<std::size_t> places_;
  std::vector<Reason> answers_;
};

/// The last fallback, when even the CPU's own kernels are out of use.
void decide_by_reference(const JobContext& context, std::span<const Item> items,
                         const Policy& policy, RangeSource& source, std::span<Reason> reasons) {
  constexpr double kSignaturesBetweenStops = 256;
  logging::warn("no device left that verifies signatures: going on with OpenSSL");
  while (!context.control.stop.stop_requested()) {
    const auto range = source.take(kSignaturesBetweenStops);
    if (!range) return;
    for (std::size_t i = range->first; i < range->first + range->count; ++i)
      reasons[i] = signature::verify_reference(items[i], policy);
    source.finish(*range);
  }
}

double total_units(std::span<const Item> items) {
  double units = 0;
  for (const Item& item : items) units += units_of(item);
  return units;
}

}  // namespace

signature::Verdicts verify_job(const JobContext& context, std::span<const Item> items,
                               const Policy& policy) {
  std::vector<Reason> reasons(items.size());
  RangeSource source(
      items.size(),
      [items](std::size_t first, std::size_t end, double units) {
        return cut_items(items, first, end, units);
      },
      context.control.progress);
  const auto work = [&](Device& device, const ItemRange& range) {
    OpenItems open(items.subspan(range.first, range.count), policy,
                   std::span(reasons).subspan(range.first, range.count));
    open.decide_on(device);
    if (context.self_check) check_verdicts(device, open.items(), open.answers());
    open.store();
  };
  try {
    SharedRun run(context.pool, Job::verify, source, work, context.control.stop);
    run.run(choose_devices(context.pool, Job::verify, total_units(items)));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::device) throw;
    decide_by_reference(context, items, policy, source, reasons);
  }
  if (!source.complete()) throw Cancelled();
  return signature::Verdicts(std::move(reasons));
}

void register_keys_job(DevicePool& pool, std::span<const signature::KeyView> keys) {
  for (Slot* slot : pool.slots(Job::verify)) {
    try {
      const auto lock = slot->lock_for(Job::verify);
      slot->device->register_keys(keys);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::device) throw;
      pool.drop(*slot, error);
    }
  }
}

}  // namespace salus::engine
