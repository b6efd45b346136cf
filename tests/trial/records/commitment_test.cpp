#include "trial/records/commitment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "engine/merkle/tree.h"

namespace salus::trial {
namespace {

std::array<std::uint8_t, kStudySecretBytes> counted_secret() {
  std::array<std::uint8_t, kStudySecretBytes> secret;
  std::iota(secret.begin(), secret.end(), std::uint8_t{0});
  return secret;
}

// Computed with Python's hmac and hashlib, CBOR put together by hand, after docs/trial-formats.md.
TEST(Commitment, IsWhatAnotherProgramComputes) {
  const FileKey key(counted_secret(), "xpt5-obs/1", "sdtm/ae.xpt");
  const std::vector<Cell> record = {{"USUBJID", "01-701-1015"},
                                    {"AESEQ", "2"},
                                    {"AETERM", "Fi\xc3\xa8vre"},
                                    {"AEOUT", "\xff\xfe"}};
  EXPECT_EQ(to_hex(key.record_salt(300)), "087bbcfdfb177dec432b2ad388c2a51f");
  EXPECT_EQ(to_hex(key.cell_salt(300, 3)), "d973213ef1e58609744c1586090817e7");
  std::vector<Digest> digests;
  for (std::uint32_t i = 0; i < record.size(); ++i)
    digests.push_back(cell_digest(key.cell_salt(300, i), record[i]));
  EXPECT_EQ(to_hex(digests[0]), "d6e343cea86c269dc7e5ab1c79f03e4647981130d19df1127690111be98383d4");
  EXPECT_EQ(to_hex(digests[1]), "44abb9d5c65501912a21adc823e60a3150e78d9255dd832affe4e8664e031996");
  EXPECT_EQ(to_hex(digests[2]), "d28e3e631265372d49e28c8a9cf6f75a2fe7fb4116840180a20ce4256d056395");
  EXPECT_EQ(to_hex(digests[3]), "74b55a48033a78c4561ec72ae5d37c34a78a6a39ac11cb78057816ce0cd64010");
  const auto entry = record_entry(key.record_salt(300), 300, digests);
  EXPECT_EQ(to_hex(merkle::leaf_hash(merkle::TreeKind::rfc9162, entry)),
            "b0bf2d9bda9dc099ae8b462d953bc28e60331296a15ef7ed95dfa0a6e32abaaf");
}

TEST(Commitment, SaltsOfAllCellsRecordsAndFilesDiffer) {
  std::set<Salt> salts;
  std::size_t made = 0;
  for (const char* path : {"ae.xpt", "dm.xpt"})
    for (const char* form : {"xpt5-obs/1", "csv-rfc4180-cells/1"}) {
      const FileKey key(counted_secret(), form, path);
      for (std::uint64_t record = 0; record < 20; ++record) {
        salts.insert(key.record_salt(record));
        ++made;
        for (std::uint32_t cell = 0; cell < 20; ++cell) {
          salts.insert(key.cell_salt(record, cell));
          ++made;
        }
      }
    }
  EXPECT_EQ(salts.size(), made);
}

}  // namespace
}  // namespace salus::trial
