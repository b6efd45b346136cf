// The page for the audit file: what was sealed, when and by whom, what a verification found, and
// what proves it. No data values are in it, so that it may be filed before a study is unblinded:
// of a record there is its number and at most the name of a variable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trial/proof/proof_check.h"
#include "trial/seal/seal_folder.h"
#include "trial/verify/verification.h"

namespace salus::trial {

/// One link between the data and the moment at which it is known to have been there.
struct ProofStep {
  enum class State : std::uint8_t {
    holds,
    unchecked,  ///< It is whole, but nobody said whom to trust.
    fails,
    missing,  ///< Not part of this seal, though the reader said whom to trust for it.
    absent,   ///< Not part of this seal.
  };
  std::string name;
  State state = State::absent;
  std::string detail;  ///< For people, on one line.
};
/// "holds", "unchecked", "FAILS", "MISSING", "absent".
std::string_view to_string(ProofStep::State state);

/// What a verification of the data found.
struct ReportedRun {
  std::string started;  ///< UTC: "2026-11-21T22:00:00Z".
  std::string finished;
  VerifySummary summary;
  std::vector<Finding> findings;    ///< Of files that are not byte for byte as sealed.
  std::uint64_t more_findings = 0;  ///< Found but not listed, so that memory stays bounded.
};

struct Report {
  std::string written;  ///< When, in UTC.
  std::string tool;     ///< By which program: "salus 0.1.0".
  SealHeader header;
  std::vector<SealSection> sections;
  std::uint64_t files = 0;
  std::uint64_t chunked_files = 0;
  std::uint64_t record_files = 0;
  std::uint64_t records = 0;
  TreeHead head;
  std::string signer;  ///< The key's id in hex; empty where it is not known.
  std::vector<ProofStep> chain;
  std::optional<ReportedRun> run;

  [[nodiscard]] bool has_step(ProofStep::State state) const;
  /// Whether no step fails or is missing and, where the data was verified, everything is as sealed.
  [[nodiscard]] bool is_good() const;
};

/// Whom the reader trusts; each may be left out. A seal that lacks what one of them would have made
/// is not good: who names the chain expects the seal on it.
struct ReportTrust {
  const PublicKey* signer = nullptr;
  const LedgerTrust* ledger = nullptr;
  std::string time_authorities;  ///< A file of certificates (PEM).
};

/// All of it but `written`, `tool` and `run`. A part of the seal that is damaged is a step that
/// fails. Reads all of the seal. Throws as `check_timestamp` and `seal_faults`.
Report report_on(const SealFolder& seal, const ReportTrust& trust,
                 const engine::JobControl& control = {});

/// A page that needs nothing else: no scripts, nothing from elsewhere, black on white on A4.
std::string report_html(const Report& report);

/// docs/trial-formats.md describes its members.
std::string report_json(const Report& report);

/// RFC 4180: section, item, value, detail. Text that a spreadsheet would take for a formula has an
/// apostrophe in front.
std::string report_csv(const Report& report);

}  // namespace salus::trial
