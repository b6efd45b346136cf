#include "tests/trial/proof/made_seal.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "engine/openssl_sha256.h"
#include "tests/support/reference_tree.h"
#include "trial/seal/sums.h"

namespace salus::trial::test {
namespace {

using merkle::TreeKind;

constexpr std::string_view kForm = "csv-rfc4180-cells/1";
constexpr std::string_view kPath = "ae.csv";
constexpr std::array<std::uint8_t, 32> kSecret = {1, 2, 3, 4, 5, 6, 7, 8};

std::vector<MadeRecord> made_records() {
  std::vector<MadeRecord> out;
  for (int i = 0; i < 7; ++i)
    out.push_back({{"USUBJID", "01-70" + std::to_string(i)},
                   {"AETERM", i == 3 ? "\xff not UTF-8" : "NAUSEA"},
                   {"AESEV", i % 2 == 0 ? "MILD" : "SEVERE"},
                   {"AEOUT", ""}});
  return out;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string as_text(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

merkle::Tree tree_over(const std::vector<std::string>& entries) {
  const salus::test::ReferenceTree reference(TreeKind::rfc9162);
  std::vector<Digest> leaves;
  for (const std::string& entry : entries) leaves.push_back(reference.leaf(as_bytes(entry)));
  auto levels = leaves.size() < 2 ? std::vector<Digest>{} : reference.levels(leaves);
  return {TreeKind::rfc9162, std::move(leaves), std::move(levels)};
}

MadeSeal::MadeSeal(node::Algorithm algorithm, std::size_t files)
    : key_(node::SigningKey::generate(algorithm)),
      records_(made_records()),
      file_key_(std::make_unique<FileKey>(kSecret, kForm, kPath)) {
  std::vector<std::string> entries;
  for (std::size_t i = 0; i < records_.size(); ++i)
    entries.push_back(as_text(record_entry(file_key_->record_salt(i), i, digests(i))));
  record_tree_ = std::make_unique<merkle::Tree>(tree_over(entries));

  Seal seal;
  seal.header = {"salus-trial/made", "2023-11-14T22:13:20Z", "salus test", "locked", {}, false};
  seal.sections.push_back({seal.header.sealed, 0});
  SealedFile with_records;
  with_records.path = kPath;
  with_records.digest = openssl_sha256(as_bytes("ae"));
  with_records.records = {std::string(kForm), records_.size(), record_tree_->root()};
  seal.files.push_back(with_records);
  for (std::size_t i = 0; i < files; ++i) {
    SealedFile file;
    file.path = "file\n" + std::to_string(i);
    file.digest = openssl_sha256(as_bytes(file.path));
    seal.files.push_back(file);
  }
  lines_ = lines_of(write_sums(seal));
  records_line_ = static_cast<std::size_t>(
      std::ranges::find_if(lines_,
                           [](const auto& line) { return line.starts_with("# records "); }) -
      lines_.begin());
  tree_ = std::make_unique<merkle::Tree>(tree_over(lines_));
  signatures_ = sign_seal(key_, head(), {kIssuedAt, 1, "locked"});
}

TreeHead MadeSeal::head() const { return {"salus-trial/made", tree_->size(), tree_->root()}; }

SignedTreeHead MadeSeal::signed_head() const {
  return read_tree_head(signatures_.tree_head).value();
}

std::vector<Digest> MadeSeal::digests(std::size_t record) const {
  std::vector<Digest> out;
  for (std::uint32_t k = 0; k < records_[record].size(); ++k) {
    const auto& [name, value] = records_[record][k];
    out.push_back(cell_digest(file_key_->cell_salt(record, k), {name, value}));
  }
  return out;
}

Proof MadeSeal::line_proof(std::size_t line) const {
  return {lines_[line], line, tree_->inclusion_proof(line), {}, signatures_.statement, {}};
}

Proof MadeSeal::record_proof(std::size_t record,
                             const std::optional<std::vector<std::string>>& show) const {
  Proof proof = line_proof(records_line_);
  RecordProof out{
      record, record_tree_->inclusion_proof(record), file_key_->record_salt(record), {}};
  const std::vector<Digest> hidden = digests(record);
  for (std::uint32_t k = 0; k < hidden.size(); ++k) {
    const auto& [name, value] = records_[record][k];
    if (!show || std::ranges::find(*show, name) != show->end())
      out.cells.emplace_back(ShownCell{file_key_->cell_salt(record, k), name, value});
    else
      out.cells.emplace_back(hidden[k]);
  }
  proof.record = std::move(out);
  return proof;
}

}  // namespace salus::trial::test
