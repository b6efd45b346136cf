#include "trial/proof/attachments.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "engine/error.h"
#include "trial/proof/anchor.h"
#include "trial/proof/previous.h"
#include "trial/proof/signed_seal.h"
#include "trial/proof/timestamp.h"
#include "trial/seal/sums.h"

namespace salus::trial {
namespace {

/// As SHA256SUMS itself.
constexpr std::size_t kMaxPreviousSums = std::size_t{1} << 30;

constexpr std::array<std::string_view, 11> kNames = {
    kSumsFile,   kChunksFile, kRecordsFolder, kCheckpointFile, kStatementFile,   kTreeHeadFile,
    kSignerFile, kAnchorFile, kTimestampFile, kPreviousFile,   kPreviousSumsFile};

class Check {
 public:
  explicit Check(const SealFolder& seal) : seal_(seal) {}

  std::vector<SealFault> run() {
    check_names();
    check_anchor_file();
    check_timestamp_file();
    check_previous_files();
    return std::move(faults_);
  }

 private:
  void fault(std::string_view file, std::string reason) {
    faults_.push_back({std::string(file), std::move(reason)});
  }

  std::optional<std::string> read(std::string_view name, std::size_t limit) {
    try {
      return seal_.part(name, limit);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::input) throw;
      fault(name, "cannot be read");
      return std::nullopt;
    }
  }

  void check_names() {
    std::vector<std::string> strangers;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(seal_.path(), ignored)) {
      std::string name = entry.path().filename().string();
      if (std::ranges::find(kNames, name) == kNames.end()) strangers.push_back(std::move(name));
    }
    std::ranges::sort(strangers);
    for (const std::string& name : strangers) fault(name, "no seal has a file of this name");
  }

  void check_anchor_file() {
    const auto content = read(kAnchorFile, kMaxAnchorBytes);
    if (!content) return;
    const auto anchor = decode_anchor(as_bytes(*content));
    if (!anchor) return fault(kAnchorFile, "not a block's receipt for a seal");
    const auto statement = read(kStatementFile, kMaxSealSignatureBytes);
    const auto checked = check_anchor(*anchor, as_bytes(statement.value_or("")));
    if (const auto* reason = std::get_if<std::string>(&checked)) fault(kAnchorFile, *reason);
  }

  void check_timestamp_file() {
    const auto content = read(kTimestampFile, kMaxTimestampBytes);
    if (!content) return;
    const auto checkpoint = read(kCheckpointFile, kMaxSealSignatureBytes);
    const auto checked = check_timestamp(as_bytes(*content), checkpoint.value_or(""));
    if (const auto* reason = std::get_if<std::string>(&checked)) fault(kTimestampFile, *reason);
  }

  void check_previous_files() {
    const auto content = read(kPreviousFile, kMaxPreviousBytes);
    const auto sums = read(kPreviousSumsFile, kMaxPreviousSums);
    if (!content) {
      if (sums) fault(kPreviousSumsFile, "does not belong here without \"previous\"");
      return;
    }
    try {
      const std::string reason = check_previous(read_previous(*content), tree_head_of(seal_), sums);
      if (!reason.empty()) fault(kPreviousFile, reason);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::input) throw;
      fault(kPreviousFile, "malformed");
    }
  }

  const SealFolder& seal_;
  std::vector<SealFault> faults_;
};

}  // namespace

std::vector<SealFault> check_attachments(const SealFolder& seal) { return Check(seal).run(); }

}  // namespace salus::trial
