// Statements signed ahead, in a file.
//
// A CBOR sequence (RFC 8742) of COSE_Sign1 messages, registrations first: what POST /v1/statements
// takes and `salus statement show` prints. A text string before a message says of it that it is
// not an honest one: "tampered" or "replayed". docs/simulate.md
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "cli/simulate/batch.h"
#include "node/statement/statement.h"

namespace salus::cli::simulate {

class LoadFileWriter {
 public:
  /// Replaces a file that is there. Throws `Error` (system), as all below.
  explicit LoadFileWriter(std::string path);
  void append(const Batch& batch);
  /// Hands everything to the operating system.
  void finish();

 private:
  void check() const;

  const std::string path_;
  std::ofstream stream_;
};

class LoadFileReader {
 public:
  /// Throws `Error` (input) where it cannot be opened.
  explicit LoadFileReader(std::string path);

  struct Message {
    Bytes bytes;
    Kind kind = Kind::honest;
    node::KeyId signer{};  ///< Zeros where it is no statement.
  };

  /// The next message, a view until the next call but `peek`; null at the end. Throws `Error`
  /// (input) for what is no CBOR or cut off, naming the file and the message's number.
  const Message* next();
  /// What `next` will give.
  const Message* peek();

 private:
  Bytes next_item();
  bool read_more();
  [[noreturn]] void fail(const char* problem) const;
  bool load();

  const std::string path_;
  std::ifstream stream_;
  std::vector<std::uint8_t> buffer_;
  std::size_t begin_ = 0;  ///< Of what was not taken yet.
  std::uint64_t number_ = 0;
  Message message_;
  bool is_ahead_ = false;
};

}  // namespace salus::cli::simulate
