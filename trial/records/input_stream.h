// A record file, read in pieces of any size at offsets of its own: other users of the descriptor do
// not disturb it.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/error.h"
#include "engine/files/descriptor.h"

namespace salus::trial {

class InputStream {
 public:
  /// `name` is for messages.
  InputStream(files::Descriptor file, std::string name)
      : file_(std::move(file)), name_(std::move(name)) {}

  /// Fills the front of `out`; fewer bytes than that only at the end of the file. Throws `Error`
  /// (system).
  std::size_t read(std::span<char> out);

  /// Goes on at this offset.
  void seek(std::uint64_t offset) { position_ = offset; }

  /// Of the byte that is read next, from where the file began.
  [[nodiscard]] std::uint64_t position() const { return position_; }
  [[nodiscard]] const std::string& name() const { return name_; }

  /// What is wrong with the content, with the file's name.
  [[nodiscard]] Error fault(const std::string& what) const {
    return {ErrorKind::input, name_ + ": " + what};
  }

 private:
  files::Descriptor file_;
  std::string name_;
  std::uint64_t position_ = 0;
};

}  // namespace salus::trial
