#include "node/mining/block_making.h"

#include <utility>
#include <vector>

#include "node/chain/validator_rules.h"

namespace salus::node {

PreparedBlock prepare_block(const Chain& chain, engine::Engine& engine, Mempool& mempool,
                            const ContentLimits& limits, std::int64_t now,
                            const SignValidatorStatement& sign) {
  BlockContent content = choose_content(chain, mempool, limits, now);
  std::vector<Bytes> messages;
  messages.reserve(content.statements.size());
  for (const PendingStatement& pending : content.statements)
    messages.push_back(pending.statement.message);
  BlockTemplate block =
      build_block(engine, chain.genesis(), content.next, content.time, messages, sign);
  return {std::move(content), std::move(block)};
}

bool may_make_next(const Chain& chain, const KeyId& validator, std::int64_t now) {
  const ChainParameters& parameters = chain.genesis().parameters();
  const NextBlock next = chain.next_block();
  if (next.earliest_time > now + parameters.max_ahead / 2) return false;
  bool exceeded = false;
  chain.with_state([&](const ChainTip&, const State& state) {
    exceeded = is_share_exceeded(state, validator, next.place.height, parameters.diversity);
  });
  return !exceeded;
}

void drop_offender(Mempool& mempool, const BlockContent& content, const BlockFault& fault) {
  // Statement 0 is the validator's.
  if (!fault.statement || *fault.statement == 0 || *fault.statement > content.statements.size())
    return;
  mempool.drop(content.statements[*fault.statement - 1],
               fault.refusal.value_or(Refusal::bad_signature));
}

}  // namespace salus::node
