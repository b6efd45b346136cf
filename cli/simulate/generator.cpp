#include "cli/simulate/generator.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "cli/simulate/fleet.h"
#include "node/statement/sign.h"

namespace salus::cli::simulate {
namespace {

/// Behind the payload: the head of a byte string of 64 bytes, and those.
constexpr std::size_t kSignatureItem = 2 + 64;

std::int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

void tamper(std::vector<std::uint8_t>& message) {
  message[message.size() - kSignatureItem - 1] ^= 1;
}

Generator::Generator(std::span<const node::SigningKey> fleet, const Packs& packs, Feeds& feeds,
                     const GeneratorOptions& options)
    : fleet_(fleet),
      packs_(packs),
      feeds_(feeds),
      options_(options),
      planned_(feeds.lanes()),
      left_(options.count.value_or(std::numeric_limits<std::uint64_t>::max())),
      running_(options.threads) {
  for (unsigned i = 0; i < options.threads; ++i) threads_.emplace_back([this] { run(); });
}

Generator::~Generator() = default;

void Generator::rethrow() {
  const std::lock_guard lock(mutex_);
  if (failure_) std::rethrow_exception(failure_);
}

bool Generator::plan(std::size_t lane, Plan& plan) {
  if (left_ == 0) return false;
  plan = {lane, planned_[lane],
          static_cast<std::size_t>(std::min<std::uint64_t>(options_.batch, left_))};
  planned_[lane] += plan.count;
  left_ -= plan.count;
  return true;
}

void Generator::run() {
  try {
    Plan next;
    while (const Feeds::Place place =
               feeds_.reserve([&](std::size_t lane) { return plan(lane, next); }))
      feeds_.fill(place, sign(next));
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
    feeds_.stop();
  }
  if (--running_ == 0) feeds_.end();
}

std::vector<std::uint8_t> Generator::statement(std::size_t lane, std::uint64_t k,
                                               std::vector<std::uint8_t>& payload) const {
  const std::size_t lanes = feeds_.lanes();
  const std::size_t in_lane = (fleet_.size() - lane + lanes - 1) / lanes;
  const std::size_t device = lane + lanes * static_cast<std::size_t>(k % in_lane);
  const std::uint64_t number = k / in_lane;
  const double time =
      static_cast<double>(options_.begin) + static_cast<double>(number) * options_.pack_seconds;
  packs_.make(device, number, time, payload);
  const std::string subject = device_name(device);
  return sign_statement(fleet_[device],
                        {{}, subject, seconds_now(), options_.first_sequence + number},
                        node::ContentType::senml_cbor, payload);
}

Batch Generator::sign(const Plan& plan) const {
  Batch batch;
  std::vector<std::uint8_t> payload;
  std::optional<std::size_t> original;  // the first one that nobody altered
  std::size_t owed = 0;                 // copies that wait for one
  for (std::uint64_t k = plan.first; k < plan.first + plan.count; ++k) {
    std::vector<std::uint8_t> message = statement(plan.lane, k, payload);
    const bool is_tampered = is_in_share(k, options_.tampered);
    if (is_tampered) tamper(message);
    if (!is_tampered && !original) original = batch.size();
    batch.append(message, is_tampered ? Kind::tampered : Kind::honest);
    if (is_in_share(k, options_.replayed)) ++owed;
    for (; original && owed > 0; --owed) {
      const Bytes of = batch.message(*original);
      batch.append(std::vector<std::uint8_t>(of.begin(), of.end()), Kind::replayed);
    }
  }
  return batch;
}

}  // namespace salus::cli::simulate
