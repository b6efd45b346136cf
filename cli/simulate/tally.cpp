#include "cli/simulate/tally.h"

#include <algorithm>
#include <numeric>

#include "node/statement/statement.h"

namespace salus::cli::simulate {

using node::Refusal;

namespace {

constexpr std::size_t index_of(Kind kind) { return static_cast<std::size_t>(kind); }
constexpr std::size_t index_of(Refusal refusal) { return static_cast<std::size_t>(refusal); }

template <typename Numbers>
std::uint64_t sum_of(const Numbers& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), std::uint64_t{0});
}

}  // namespace

bool is_expected(Kind kind, Refusal refusal) {
  if (refusal == Refusal::duplicate) return kind != Kind::tampered;
  switch (kind) {
    case Kind::registration: return refusal == Refusal::key_exists;
    case Kind::honest: return false;
    case Kind::tampered: return refusal == Refusal::bad_signature;
    case Kind::replayed: return refusal == Refusal::sequence_not_risen;
  }
  return false;
}

std::uint64_t Counts::refused_for(Refusal reason) const {
  std::uint64_t sum = 0;
  for (const auto& of_kind : refused) sum += of_kind[index_of(reason)];
  return sum;
}

std::uint64_t Counts::acknowledged() const {
  return sum_of(accepted) + refused_for(Refusal::duplicate);
}

std::uint64_t Counts::answered() const {
  std::uint64_t sum = sum_of(accepted);
  for (const auto& of_kind : refused) sum += sum_of(of_kind);
  return sum;
}

std::uint64_t Counts::unexpected() const {
  std::uint64_t sum = accepted[index_of(Kind::tampered)];
  for (std::size_t kind = 0; kind < kKinds; ++kind)
    for (std::size_t reason = 0; reason < node::kRefusals; ++reason)
      if (!is_expected(static_cast<Kind>(kind), static_cast<Refusal>(reason)))
        sum += refused[kind][reason];
  return sum;
}

Tally::Tally(const std::string& acknowledged_file) {
  if (!acknowledged_file.empty()) acknowledged_.emplace(acknowledged_file);
}

void Tally::answered(Kind kind, std::optional<Refusal> refusal, SteadyTime::duration latency,
                     const std::function<Digest()>& id_of) {
  const auto us = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(latency).count());
  latency_.add(us);
  std::uint64_t longest = longest_us_.load(std::memory_order_relaxed);
  while (us > longest && !longest_us_.compare_exchange_weak(longest, us)) {
  }
  const bool is_held = !refusal || *refusal == Refusal::duplicate;
  if (acknowledged_ && is_held && kind != Kind::replayed) acknowledged_->add(id_of());
  if (refusal)
    ++refused_[index_of(kind)][index_of(*refusal)];
  else
    ++accepted_[index_of(kind)];
}

void Tally::flush() {
  last_answer_ = std::chrono::steady_clock::now();
  if (acknowledged_) acknowledged_->flush();
}

Counts Tally::counts() const {
  Counts counts;
  // Answers first: of what is sent between, no more can be answered than was sent.
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    counts.accepted[kind] = accepted_[kind];
    for (std::size_t reason = 0; reason < node::kRefusals; ++reason)
      counts.refused[kind][reason] = refused_[kind][reason];
  }
  counts.sent = sent_;
  counts.resent = resent_;
  counts.max_seconds = static_cast<double>(longest_us_.load()) * 1e-6;
  // A percentile is the upper end of its class.
  counts.p50_seconds = std::min(latency_.percentile(0.5), counts.max_seconds);
  counts.p99_seconds = std::min(latency_.percentile(0.99), counts.max_seconds);
  return counts;
}

Digest id_of_message(Bytes message) {
  const auto parsed = node::parse_statement(message, node::kMaxStatementBytes);
  const auto* const statement = std::get_if<node::Statement>(&parsed);
  return statement == nullptr ? Digest{} : node::statement_id(*statement);
}

}  // namespace salus::cli::simulate
