// A small seal made by hand: lines, trees and one file with sealed records, whose trees are built
// by the definitions of RFC 9162 over OpenSSL alone.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/merkle/tree.h"
#include "trial/proof/proof.h"
#include "trial/proof/seal_signatures.h"

namespace salus::trial::test {

using MadeRecord = std::vector<std::pair<std::string, std::string>>;

merkle::Tree tree_over(const std::vector<std::string>& entries);

class MadeSeal {
 public:
  static constexpr std::int64_t kIssuedAt = 1'700'000'000;

  /// `files` besides the one with records, which is "ae.csv".
  explicit MadeSeal(node::Algorithm algorithm, std::size_t files = 5);

  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
  [[nodiscard]] const merkle::Tree& tree() const { return *tree_; }
  [[nodiscard]] TreeHead head() const;
  [[nodiscard]] const node::SigningKey& key() const { return key_; }
  [[nodiscard]] const SealSignatures& signatures() const { return signatures_; }
  [[nodiscard]] SignedTreeHead signed_head() const;

  [[nodiscard]] const std::vector<MadeRecord>& records() const { return records_; }
  [[nodiscard]] const merkle::Tree& record_tree() const { return *record_tree_; }
  /// The line that commits to the records.
  [[nodiscard]] std::size_t records_line() const { return records_line_; }

  [[nodiscard]] Proof line_proof(std::size_t line) const;
  /// Shows the variables named; all without.
  [[nodiscard]] Proof record_proof(std::size_t record,
                                   const std::optional<std::vector<std::string>>& show = {}) const;

 private:
  [[nodiscard]] std::vector<Digest> digests(std::size_t record) const;

  node::SigningKey key_;
  std::vector<MadeRecord> records_;
  std::unique_ptr<FileKey> file_key_;
  std::unique_ptr<merkle::Tree> record_tree_;
  std::vector<std::string> lines_;
  std::size_t records_line_ = 0;
  std::unique_ptr<merkle::Tree> tree_;
  SealSignatures signatures_;
};

}  // namespace salus::trial::test
