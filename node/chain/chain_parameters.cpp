#include "node/chain/chain_parameters.h"

namespace salus::node {

pow::AsertParams ChainParameters::asert() const {
  return {pow::decode_bits(limit_bits).target, spacing, half_life};
}

pow::AsertAnchor ChainParameters::anchor() const {
  // Genesis has no parent: the schedule is as if there were one, exactly in time.
  return {0, std::int64_t{time} - spacing, limit_bits};
}

}  // namespace salus::node
