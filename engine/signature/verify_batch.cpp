#include "engine/signature/verify_batch.h"

#include <vector>

#include "engine/signature/cpu/ed25519_batch.h"
#include "engine/signature/cpu/p256_batch.h"
#include "engine/signature/form.h"

namespace salus::engine::signature {

Verdicts verify_batch(std::span<const Item> items, const Policy& policy) {
  Verdicts verdicts(items.size());
  std::vector<std::size_t> ed25519;
  std::vector<std::size_t> p256;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Reason form = check_form(items[i], policy);
    if (form != Reason::valid)
      verdicts.set(i, form);
    else if (items[i].algorithm == Algorithm::ed25519)
      ed25519.push_back(i);
    else
      p256.push_back(i);
  }
  cpu::verify_ed25519(cpu::best_ed25519_variant(), items, ed25519, verdicts);
  cpu::verify_p256(cpu::best_p256_variant(), items, p256, verdicts);
  return verdicts;
}

}  // namespace salus::engine::signature
