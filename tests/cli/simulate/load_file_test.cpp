#include "cli/simulate/load_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "cli/simulate/fleet.h"
#include "cli/simulate/playback.h"
#include "engine/error.h"
#include "node/statement/sign.h"
#include "tests/cli/run_salus.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using cli::simulate::Batch;
using cli::simulate::Kind;
using cli::simulate::LoadFileReader;
using cli::simulate::LoadFileWriter;
using testing::HasSubstr;

class LoadFile : public testing::Test {
 protected:
  [[nodiscard]] std::vector<std::uint8_t> message(std::uint64_t sequence) const {
    return sign_statement(key_, {{}, {}, 1'700'000'000, sequence}, node::ContentType::senml_json,
                          as_bytes("[]"));
  }
  [[nodiscard]] std::string failure() const {
    try {
      LoadFileReader reader(path_);
      while (reader.next() != nullptr) {
      }
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input);
      return error.what();
    }
    return "";
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.path("load.cbor");
  node::SigningKey key_ = node::SigningKey::generate(node::Algorithm::ed25519);
};

TEST_F(LoadFile, GivesBackWhatWasWritten) {
  Batch batch;
  const std::vector<Kind> kinds = {Kind::honest, Kind::tampered, Kind::replayed, Kind::honest};
  batch.append(cli::simulate::registration_of(key_, 0, key_, 1'700'000'000, 1), Kind::registration);
  for (const Kind kind : kinds) batch.append(message(batch.size()), kind);
  LoadFileWriter writer(path_);
  writer.append(batch);
  writer.finish();

  LoadFileReader reader(path_);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    ASSERT_NE(reader.peek(), nullptr);
    const LoadFileReader::Message* const read = reader.next();
    ASSERT_NE(read, nullptr);
    EXPECT_EQ(to_hex(read->bytes), to_hex(batch.message(i)));
    EXPECT_EQ(read->kind, batch.kinds[i]);
    EXPECT_EQ(read->signer, key_.id());
  }
  EXPECT_EQ(reader.next(), nullptr);
  EXPECT_EQ(reader.next(), nullptr);
}

TEST_F(LoadFile, ReadsMoreThanItHoldsAtOnce) {
  constexpr std::size_t kStatements = 12;
  const std::vector<std::uint8_t> payload(300'000, 'x');
  LoadFileWriter writer(path_);
  for (std::size_t i = 0; i < kStatements; ++i) {
    Batch batch;
    batch.append(
        sign_statement(key_, {{}, {}, 1'700'000'000, i}, node::ContentType::senml_json, payload),
        Kind::honest);
    writer.append(batch);
  }
  writer.finish();
  LoadFileReader reader(path_);
  std::size_t read = 0;
  while (reader.next() != nullptr) ++read;
  EXPECT_EQ(read, kStatements);
}

TEST_F(LoadFile, TakesRegistrationsFromItsBeginning) {
  Batch batch;
  for (std::uint64_t i = 0; i < 5; ++i)
    batch.append(cli::simulate::registration_of(key_, i, key_, 1'700'000'000, i),
                 Kind::registration);
  batch.append(message(9), Kind::honest);
  LoadFileWriter writer(path_);
  writer.append(batch);
  writer.finish();
  LoadFileReader reader(path_);
  const std::vector<Batch> registrations = read_registrations(reader, 2);
  ASSERT_EQ(registrations.size(), 3U);
  EXPECT_EQ(registrations[2].size(), 1U);
  EXPECT_EQ(reader.next()->kind, Kind::honest);
}

TEST_F(LoadFile, IsWhatStatementShowReads) {
  Batch batch;
  batch.append(message(1), Kind::honest);
  batch.append(message(2), Kind::honest);
  LoadFileWriter writer(path_);
  writer.append(batch);
  writer.finish();
  const RunResult shown = run_salus({"statement", "show", path_});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("sequence   2"));
}

TEST_F(LoadFile, SaysWhatIsWrongWithOne) {
  const std::vector<std::uint8_t> whole = message(1);
  const auto write = [&](const std::vector<std::uint8_t>& bytes) {
    folder_.write("load.cbor", Bytes(bytes));
  };
  std::vector<std::uint8_t> cut = whole;
  cut.insert(cut.end(), whole.begin(), whole.end() - 1);
  write(cut);
  EXPECT_THAT(failure(), HasSubstr("load.cbor: statement 2: is cut off"));
  write({0xff});
  EXPECT_THAT(failure(), HasSubstr("is no CBOR"));
  write({0x61, 'x'});
  EXPECT_THAT(failure(), HasSubstr("something unknown"));
  write({0x68, 't', 'a', 'm', 'p', 'e', 'r', 'e', 'd'});
  EXPECT_THAT(failure(), HasSubstr("does not follow"));
  write({0x5a, 0x7f, 0xff, 0xff, 0xff});
  EXPECT_THAT(failure(), HasSubstr("is cut off"));
  write({});
  EXPECT_EQ(failure(), "");
  EXPECT_THROW(LoadFileReader(folder_.path("missing")), Error);
}

}  // namespace
}  // namespace salus::test
