#include "node/mining/work_source.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <utility>

#include "engine/log.h"
#include "node/chain/header_rules.h"

namespace salus::node {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kFirstFreeBit = std::countr_zero(kFreeVersionBits);
/// Headers that can be told apart by the version's free bits.
constexpr std::uint32_t kVersions = (kFreeVersionBits >> kFirstFreeBit) + 1;

}  // namespace

std::string_view to_string(WorkVerdict verdict) {
  switch (verdict) {
    case WorkVerdict::accepted: return "accepted";
    case WorkVerdict::insufficient_work: return "insufficient_work";
    case WorkVerdict::unknown_work: return "unknown_work";
    case WorkVerdict::stale: return "stale";
    case WorkVerdict::refused: return "refused";
  }
  std::abort();  // not one of them: a number cast by mistake
}

WorkSource::WorkSource(Chain& chain, engine::Engine& engine, Mempool& mempool,
                       const KeyId& validator, SignValidatorStatement sign, WorkOptions options)
    : chain_(chain),
      engine_(engine),
      mempool_(mempool),
      validator_(validator),
      sign_(std::move(sign)),
      options_(std::move(options)) {}

/// Whether what is left of its headers may be handed out.
bool WorkSource::is_fresh(const Template& made) const {
  if (made.prepared.block.header.previous != chain_.tip().id || made.handed_out == kVersions)
    return false;
  const auto age = SteadyClock::now() - made.made;
  if (age >= options_.template_age) return false;
  const bool lacks_content = made.prepared.content.statements.empty() && !mempool_.is_empty();
  return !lacks_content || age < options_.empty_age;
}

WorkSource::TemplatePtr WorkSource::build() {
  auto made = std::make_shared<Template>(
      Template{prepare_block(chain_, engine_, mempool_, options_.limits, options_.clock(), sign_),
               SteadyClock::now()});
  const std::lock_guard lock(mutex_);
  ++stats_.templates;
  templates_.push_back(made);
  while (templates_.size() > options_.max_templates) templates_.pop_front();
  return made;
}

std::optional<pow::Header> WorkSource::next() {
  if (!may_make_next(chain_, validator_, options_.clock())) return std::nullopt;
  const std::lock_guard one_at_a_time(building_);
  TemplatePtr newest;
  {
    const std::lock_guard lock(mutex_);
    if (!templates_.empty()) newest = templates_.back();
  }
  if (!newest || !is_fresh(*newest)) newest = build();
  pow::Header header = newest->prepared.block.header;
  header.version |= newest->handed_out++ << kFirstFreeBit;
  const std::lock_guard lock(mutex_);
  ++stats_.handed_out;
  return header;
}

WorkSource::TemplatePtr WorkSource::find(const pow::Header& header) const {
  pow::Header given = header;
  given.version &= ~kFreeVersionBits;
  given.nonce = 0;
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(
      templates_, given, [](const TemplatePtr& made) { return made->prepared.block.header; });
  return found == templates_.end() ? nullptr : *found;
}

WorkVerdict WorkSource::submit(const pow::Header& header) {
  WorkVerdict verdict = WorkVerdict::unknown_work;
  if (const TemplatePtr made = find(header)) {
    verdict = pow::meets(header, pow::decode_bits(header.bits).target)
                  ? add(*made, header)
                  : WorkVerdict::insufficient_work;
  } else if (header.previous != chain_.tip().id) {
    verdict = WorkVerdict::stale;
  }
  const std::lock_guard lock(mutex_);
  ++stats_.verdicts[static_cast<std::size_t>(verdict)];
  return verdict;
}

WorkVerdict WorkSource::add(const Template& made, const pow::Header& header) {
  const AddResult added = chain_.add_block(made.prepared.block.with(header));
  if (added.standing == Standing::on_chain && added.is_new) return WorkVerdict::accepted;
  if (added.standing != Standing::refused) return WorkVerdict::stale;
  logging::error("a block that a miner found for us is refused: {}", describe(*added.fault));
  drop_offender(mempool_, made.prepared.content, *added.fault);
  return WorkVerdict::refused;
}

void WorkSource::on_new_tip() {
  std::deque<TemplatePtr> stale;  // they go without the lock
  std::vector<std::function<void()>> waiting;
  {
    const std::lock_guard lock(mutex_);
    stale.swap(templates_);
    waiting.swap(waiting_);
  }
  for (const auto& ready : waiting) ready();
}

void WorkSource::call_on_new_tip(std::function<void()> ready) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() < options_.max_waiting) return waiting_.push_back(std::move(ready));
  }
  ready();
}

WorkStats WorkSource::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

}  // namespace salus::node
