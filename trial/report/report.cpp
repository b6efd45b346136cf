#include "trial/report/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/error.h"
#include "node/statement/key_id.h"
#include "trial/proof/previous.h"
#include "trial/proof/signed_seal.h"
#include "trial/proof/timestamp.h"
#include "trial/proof/utc_time.h"
#include "trial/verify/seal_check.h"

namespace salus::trial {
namespace {

using State = ProofStep::State;

Bytes bytes_of(const std::string& text) { return as_bytes(text); }

void append_item(std::string& list, const std::string& item) {
  if (!list.empty()) list += "; ";
  list += item;
}

/// Runs `check` on a part of the seal that is there in some seals only.
template <typename Check>
ProofStep optional_step(const SealFolder& seal, std::string name, std::string_view part,
                        std::size_t limit, const Check& check) {
  ProofStep step{std::move(name), State::absent, ""};
  try {
    if (const auto content = seal.part(part, limit)) check(*content, step);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) throw;
    step.state = State::fails;
    step.detail = error.what();
  }
  return step;
}

/// Who says whom to trust for a step expects that it is there.
ProofStep expected(ProofStep step, bool is_expected, std::string_view made_by) {
  if (step.state != State::absent || !is_expected) return step;
  step.state = State::missing;
  step.detail = fmt::format("it was to be there: `{}` attaches one", made_by);
  return step;
}

ProofStep content_step(const SealFolder& seal, const engine::JobControl& control) {
  ProofStep step{"SHA256SUMS and what follows from it", State::holds,
                 fmt::format("{} lines, root {}", seal.size(), to_hex(seal.root()))};
  const std::vector<std::string> faults = seal_faults(seal, control);
  if (!faults.empty()) {
    step.state = State::fails;
    step.detail.clear();
    for (const std::string& fault : faults) append_item(step.detail, fault);
  }
  return step;
}

ProofStep signature_step(const SealFolder& seal, const ReportTrust& trust, std::string& signer) {
  const SignatureCheck check = check_signatures(seal, trust.signer);
  ProofStep step{"signatures over the root", State::holds, ""};
  if (check.signer) {
    signer = to_hex(check.signer->id);
    step.detail = fmt::format("key {}, which says that it sealed at {}", signer,
                              utc_text(check.signer->issued_at));
  }
  if (trust.signer == nullptr) {
    step.state = State::unchecked;
    step.detail += "; nobody said here whose key that is";
  }
  if (!check.faults.empty()) {
    step.state = State::fails;
    step.detail.clear();
    for (const SealFault& fault : check.faults)
      append_item(step.detail, fault.file + ": " + fault.reason);
  }
  return step;
}

ProofStep previous_step(const SealFolder& seal, const TreeHead& head) {
  return optional_step(
      seal, "the seal before this one", kPreviousFile, kMaxPreviousBytes,
      [&](const std::string& content, ProofStep& step) {
        constexpr std::size_t kMaxSums = std::size_t{1} << 30;
        const Previous previous = read_previous(content);
        const std::string fault =
            check_previous(previous, head, seal.part(kPreviousSumsFile, kMaxSums));
        step.state = fault.empty() ? State::holds : State::fails;
        step.detail = !fault.empty()   ? fault
                      : previous.grown ? "all that it sealed is sealed here, unchanged"
                                       : "something in it was replaced; its lines are kept beside";
      });
}

ProofStep anchor_step(const SealFolder& seal, const ReportTrust& trust) {
  return optional_step(
      seal, "anchor in the ledger", kAnchorFile, kMaxAnchorBytes,
      [&](const std::string& content, ProofStep& step) {
        const auto anchor = decode_anchor(bytes_of(content));
        const auto statement = seal.part(kStatementFile, kMaxSealSignatureBytes);
        if (!anchor || !statement) throw Error(ErrorKind::input, "it cannot be read");
        const auto checked = check_anchor(*anchor, bytes_of(*statement), trust.ledger);
        if (const auto* const reason = std::get_if<std::string>(&checked))
          throw Error(ErrorKind::input, *reason);
        const auto& good = std::get<CheckedAnchor>(checked);
        step.state = good.is_trusted ? State::holds : State::unchecked;
        step.detail = fmt::format(
            "in block {} at height {}, mined at {} with {:.3g} hashes of work",
            to_hex_reversed(good.block), good.height, utc_text(good.time), good.work.to_double());
        if (!good.is_trusted) step.detail += "; nobody said here whose blocks count";
      });
}

ProofStep timestamp_step(const SealFolder& seal, const ReportTrust& trust) {
  return optional_step(
      seal, "time stamp (RFC 3161)", kTimestampFile, kMaxTimestampBytes,
      [&](const std::string& content, ProofStep& step) {
        const auto checkpoint = seal.part(kCheckpointFile, kMaxSealSignatureBytes);
        if (!checkpoint) throw Error(ErrorKind::input, "the checkpoint that it is over is missing");
        const auto checked =
            check_timestamp(bytes_of(content), *checkpoint, trust.time_authorities);
        if (const auto* const reason = std::get_if<std::string>(&checked))
          throw Error(ErrorKind::input, *reason);
        const auto& good = std::get<Timestamp>(checked);
        step.state = good.is_trusted ? State::holds : State::unchecked;
        step.detail = fmt::format("{} by {}", good.time, good.authority);
        if (!good.is_trusted) step.detail += "; nobody said here whose stamps count";
      });
}

}  // namespace

bool Report::has_step(State state) const {
  return std::ranges::any_of(chain, [&](const ProofStep& step) { return step.state == state; });
}

bool Report::is_good() const {
  return !has_step(State::fails) && !has_step(State::missing) &&
         (!run || run->summary.all_unchanged());
}

Report report_on(const SealFolder& seal, const ReportTrust& trust,
                 const engine::JobControl& control) {
  Report report;
  report.header = seal.seal().header;
  report.sections = seal.seal().sections;
  report.files = seal.seal().files.size();
  for (const SealedFile& file : seal.seal().files) {
    report.chunked_files += file.chunks.has_value();
    if (!file.records) continue;
    ++report.record_files;
    report.records += file.records->count;
  }
  report.head = tree_head_of(seal);
  report.chain.push_back(content_step(seal, control));
  report.chain.push_back(signature_step(seal, trust, report.signer));
  report.chain.push_back(previous_step(seal, report.head));
  report.chain.push_back(
      expected(anchor_step(seal, trust), trust.ledger != nullptr, "salus trial anchor"));
  report.chain.push_back(
      expected(timestamp_step(seal, trust), !trust.time_authorities.empty(), "salus trial stamp"));
  return report;
}

}  // namespace salus::trial
