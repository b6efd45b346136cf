#include "engine/manifest/line_reader.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <thread>

namespace salus::manifest {
namespace {

struct Result {
  std::vector<std::string> lines;
  std::vector<bool> truncated;
};

/// The lines of `content`, which arrives through a pipe in pieces of `piece` bytes.
Result read_lines(const std::string& content, std::size_t piece) {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  std::thread writer([&] {
    for (std::size_t at = 0; at < content.size(); at += piece) {
      const std::size_t size = std::min(piece, content.size() - at);
      EXPECT_EQ(write(ends[1], content.data() + at, size), static_cast<ssize_t>(size));
    }
    close(ends[1]);
  });
  Result result;
  LineReader reader(ends[0]);
  while (const auto line = reader.next()) {
    result.lines.emplace_back(line->text);
    result.truncated.push_back(line->truncated);
    EXPECT_EQ(reader.line_number(), result.lines.size());
  }
  EXPECT_EQ(reader.error(), 0);
  writer.join();
  close(ends[0]);
  return result;
}

TEST(LineReader, SplitsHoweverTheBytesArrive) {
  const std::string content = "first\n\nthird\r\n" + std::string(3000, 'x') + "\nlast";
  for (const std::size_t piece : {1, 2, 7, 4096}) {
    EXPECT_EQ(read_lines(content, piece).lines,
              (std::vector<std::string>{"first", "", "third\r", std::string(3000, 'x'), "last"}));
  }
}

TEST(LineReader, AnEmptyInputHasNoLines) {
  EXPECT_TRUE(read_lines("", 1).lines.empty());
  EXPECT_EQ(read_lines("\n", 1).lines, std::vector<std::string>{""});
}

TEST(LineReader, CutsLinesThatAreTooLong) {
  constexpr std::size_t max = LineReader::kMaxLine;
  for (const std::size_t excess : {std::size_t{0}, std::size_t{1}, max, 5 * max}) {
    const std::string content = "a\n" + std::string(max + excess, 'x') + "\nb\n";
    const Result result = read_lines(content, 10'000);
    EXPECT_EQ(result.lines, (std::vector<std::string>{"a", std::string(max, 'x'), "b"}));
    EXPECT_EQ(result.truncated, (std::vector<bool>{false, excess != 0, false}));
  }
}

TEST(LineReader, ATooLongLineMayBeTheLast) {
  const Result result = read_lines(std::string(3 * LineReader::kMaxLine, 'x'), 10'000);
  EXPECT_EQ(result.lines.size(), 1);
  EXPECT_TRUE(result.truncated.at(0));
}

TEST(LineReader, TakesALimitOfItsOwn) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  std::thread writer([&] {
    const std::string content =
        std::string(300'000, 'a') + "\n" + std::string(300'001, 'b') + "\nc";
    for (std::size_t at = 0; at < content.size();) {
      const ssize_t size = write(ends[1], content.data() + at, content.size() - at);
      ASSERT_GT(size, 0);
      at += static_cast<std::size_t>(size);
    }
    close(ends[1]);
  });
  LineReader reader(ends[0], 300'000);
  EXPECT_EQ(reader.next()->text, std::string(300'000, 'a'));
  const auto cut = reader.next();
  EXPECT_TRUE(cut->truncated);
  EXPECT_EQ(cut->text, std::string(300'000, 'b'));
  EXPECT_EQ(reader.next()->text, "c");
  EXPECT_FALSE(reader.next());
  writer.join();
  close(ends[0]);
}

TEST(LineReader, IsReadyWhenItWouldNotWait) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  LineReader reader(ends[0]);
  EXPECT_FALSE(reader.ready());
  ASSERT_EQ(write(ends[1], "a\nb\nc", 5), 5);
  EXPECT_TRUE(reader.ready());
  EXPECT_EQ(reader.next()->text, "a");
  EXPECT_TRUE(reader.ready());
  EXPECT_EQ(reader.next()->text, "b");
  EXPECT_FALSE(reader.ready());  // half a line
  close(ends[1]);
  EXPECT_TRUE(reader.ready());
  EXPECT_EQ(reader.next()->text, "c");
  EXPECT_FALSE(reader.next());
  close(ends[0]);
}

TEST(LineReader, KeepsTheErrorOfARead) {
  const int folder = open("/", O_RDONLY | O_DIRECTORY);
  LineReader reader(folder);
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.error(), EISDIR);
  close(folder);
}

}  // namespace
}  // namespace salus::manifest
