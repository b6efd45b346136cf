#include "trial/records/record_hasher.h"

#include <gtest/gtest.h>

#include <cstring>

#include "engine/cpu/cpu_backend.h"
#include "engine/merkle/tree.h"
#include "tests/support/random_data.h"
#include "tests/trial/records/made_records.h"

namespace salus::trial {
namespace {

using engine::cpu::BlockHasher;
using test::batch_of;
using test::random_records;

/// Leaves and first eight bytes of cell digests, one record after the other.
struct Expected {
  std::vector<Digest> leaves;
  std::vector<std::uint64_t> cells;
};

Expected one_at_a_time(const FileKey& key, const RecordBatch& batch, std::size_t begin,
                       std::uint64_t index) {
  Expected out;
  for (std::size_t i = begin; i < batch.size(); ++i, ++index) {
    std::vector<Digest> digests;
    for (const Cell& cell : batch.record(i)) {
      const auto number = static_cast<std::uint32_t>(digests.size());
      digests.push_back(cell_digest(key.cell_salt(index, number), cell));
      std::memcpy(&out.cells.emplace_back(), digests.back().data(), 8);
    }
    const auto entry = record_entry(key.record_salt(index), index, digests);
    out.leaves.push_back(merkle::leaf_hash(merkle::TreeKind::rfc9162, entry));
  }
  return out;
}

/// Records `begin` to `end` of a batch, numbered from `index` on.
std::vector<NumberedRecord> numbered(std::size_t begin, std::size_t end, std::uint64_t index) {
  std::vector<NumberedRecord> out;
  for (std::size_t i = begin; i < end; ++i) out.push_back({static_cast<std::uint32_t>(i), index++});
  return out;
}

class RecordHasherOn : public testing::TestWithParam<std::string> {};

TEST_P(RecordHasherOn, GivesWhatHashingOneRecordAtATimeGives) {
  const std::vector<std::uint8_t> secret = test::random_bytes(32, 1);
  const FileKey key(StudySecretBytes(secret), "csv-rfc4180-cells/1", "sdtm/ae.csv");
  const BlockHasher blocks({.threads = 1, .variant = GetParam()});
  RecordHasher hasher(key, blocks);
  test::Names names;
  for (int i = 0; i < 30; ++i) names.push_back(std::string(static_cast<std::size_t>(i), 'n'));
  for (const std::size_t longest : {0, 20, 300, 5000}) {
    const auto count = longest > 1000 ? std::size_t{20} : std::size_t{300};
    const auto records = random_records(names, count, longest, 7);
    const RecordBatch batch = batch_of(names, records);
    for (const std::uint64_t index : {0ULL, 250ULL, 65'530ULL, 4'294'967'290ULL}) {
      const std::size_t begin = index % 3;
      const Expected expected = one_at_a_time(key, batch, begin, index);
      std::vector<Digest> leaves(expected.leaves.size());
      std::vector<std::uint64_t> cells(expected.cells.size());
      hasher.leaves(batch, numbered(begin, batch.size(), index), leaves, cells);
      EXPECT_EQ(leaves, expected.leaves);
      EXPECT_EQ(cells, expected.cells);
    }
  }
}

std::string variant_name(const testing::TestParamInfo<std::string>& test) {
  std::string name = test.param;
  std::erase(name, '-');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Variants, RecordHasherOn, testing::ValuesIn(engine::cpu_variants()),
                         variant_name);

TEST(RecordHasher, TakesARecordOfManyThousandCells) {
  const std::vector<std::uint8_t> secret = test::random_bytes(32, 2);
  const FileKey key(StudySecretBytes(secret), "ndjson-jcs/1", "wide.ndjson");
  const BlockHasher blocks;
  RecordHasher hasher(key, blocks);
  const test::Names names(10'000, "value");
  const RecordBatch batch = batch_of(names, {std::vector<std::string>(10'000, "1")});
  const Expected expected = one_at_a_time(key, batch, 0, 0);
  std::vector<Digest> leaves(1);
  hasher.leaves(batch, numbered(0, 1, 0), leaves, {});
  EXPECT_EQ(leaves, expected.leaves);
}

}  // namespace
}  // namespace salus::trial
