// `salus demo`: runs on the data in the repository and says what it did.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_salus.h"

namespace salus::test {
namespace {

using testing::HasSubstr;

TEST(Demo, VerifiesSealsMinesAndMeasures) {
  const RunResult result = run_salus({"demo", "--device", "cpu"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  for (const char* const text :
       {"blocks1-256.dat  255 headers", "block413567.raw  1 header, 1557 transactions", "dm.xpt",
        "with one bit changed it fails, as it must",
        // Block 413,567 of Bitcoin, as every block explorer names it.
        "0000000000000000025aff8be8a55df8f89c77296db6198f272d6577325d4069", "OpenSSL, 1 core",
        "AESEV changed", "14 of 15 files are as they were sealed",
        "the proof holds; with one bit changed it fails, as it must",
        "20000 packs of a recorded pulse wave", "refused, bad_signature", "refused, duplicate",
        "bytes for it holds; for the tampered message it fails, as it must", "every block is valid",
        "everything verified"})
    EXPECT_THAT(result.out, HasSubstr(text));
}

}  // namespace
}  // namespace salus::test
