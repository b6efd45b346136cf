// The published aserti3-2d vectors (tests/data/asert), and what they leave open.
#include "engine/pow/asert.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/error.h"
#include "tests/support/places.h"

namespace salus::pow {
namespace {

struct VectorRun {
  AsertAnchor anchor;
  struct Row {
    std::uint64_t height;
    std::int64_t time;
    std::uint32_t bits;
  };
  std::vector<Row> rows;
};

/// What follows `name` on a "##   name: value" line, or nothing.
std::optional<std::string> value_of(const std::string& line, const std::string& name) {
  const std::size_t at = line.find(name + ": ");
  if (at == std::string::npos) return std::nullopt;
  return line.substr(at + name.size() + 2);
}

VectorRun read_run(const std::filesystem::path& path) {
  VectorRun run;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (const auto height = value_of(line, "anchor height"))
      run.anchor.height = std::stoull(*height);
    if (const auto time = value_of(line, "anchor parent time"))
      run.anchor.parent_time = std::stoll(*time);
    if (const auto bits = value_of(line, "anchor nBits"))
      run.anchor.bits = static_cast<std::uint32_t>(std::stoul(*bits, nullptr, 16));
    if (line.empty() || line[0] == '#') continue;
    std::istringstream columns(line);
    std::string bits;
    std::uint64_t iteration = 0;
    VectorRun::Row row{};
    columns >> iteration >> row.height >> row.time >> bits;
    row.bits = static_cast<std::uint32_t>(std::stoul(bits, nullptr, 16));
    run.rows.push_back(row);
  }
  return run;
}

const AsertParams kBitcoinCash{decode_bits(0x1d00ffff).target, 600, 172800};

TEST(Asert, GivesEveryPublishedTarget) {
  std::size_t rows = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test::test_data("asert"))) {
    const VectorRun run = read_run(entry.path());
    for (const VectorRun::Row& row : run.rows) {
      EXPECT_EQ(asert_next_bits(kBitcoinCash, run.anchor, row.height, row.time), row.bits)
          << entry.path().filename() << " height " << row.height;
    }
    rows += run.rows.size();
  }
  EXPECT_EQ(rows, 3000U);
}

TEST(Asert, DoublesOrHalvesTheTargetEachHalfLife) {
  // A private ledger's limit leaves no spare bits, where Bitcoin's leaves 32.
  const AsertParams params{~Uint256{}, 10, 2880};
  const AsertAnchor anchor{0, 0, 0x20080000};
  EXPECT_EQ(asert_next_bits(params, anchor, 0, 10), 0x20080000U);
  EXPECT_EQ(asert_next_bits(params, anchor, 0, 10 + 2880), 0x20100000U);
  EXPECT_EQ(asert_next_bits(params, anchor, 0, 10 + 3 * 2880), 0x20400000U);
  EXPECT_EQ(asert_next_bits(params, anchor, 288, 10), 0x20040000U);
  EXPECT_EQ(asert_next_bits(params, anchor, 288 * 100, 10), 0x14008000U);
}

TEST(Asert, StopsAtTheLimitAndAtOne) {
  const AsertParams params{~Uint256{}, 10, 2880};
  const AsertAnchor anchor{0, 0, 0x20080000};
  const std::uint32_t easiest = encode_bits(params.limit);
  for (const std::int64_t late : {std::int64_t{6} * 2880, std::int64_t{1} << 40, INT64_MAX})
    EXPECT_EQ(asert_next_bits(params, anchor, 0, late), easiest) << late;
  for (const std::uint64_t height : {std::uint64_t{288} * 300, UINT64_MAX})
    EXPECT_EQ(asert_next_bits(params, anchor, height, 0), 0x01010000U) << height;
  EXPECT_EQ(asert_next_bits(params, anchor, 0, INT64_MIN), 0x01010000U);
  EXPECT_EQ(asert_next_bits(kBitcoinCash, {0, 0, 0x1d00ffff}, 0, 1 << 30), 0x1d00ffffU);
}

TEST(Asert, RefusesAnAnchorWithoutATarget) {
  for (const std::uint32_t bits : {0x00000000U, 0x1d80ffffU, 0xff123456U})
    EXPECT_THROW(asert_next_bits(kBitcoinCash, {0, 0, bits}, 0, 0), Error);
}

}  // namespace
}  // namespace salus::pow
