// The one error style of Salus: what prevents a job from being done is thrown as `Error`; a verdict
// ("this proof does not hold") is a value, never an exception.
#pragma once

#include <stdexcept>
#include <string>

namespace salus {

/// What kind of thing went wrong. The command line maps it to its exit code.
enum class ErrorKind {
  usage,   ///< The caller asked for something that cannot be (no such device, bad option).
  input,   ///< Bytes from outside are not what they should be.
  device,  ///< A device failed or gave a wrong answer.
  system,  ///< The operating system refused (I/O, memory, permissions).
};

/// One line that names the offender, without a full stop.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }

 private:
  ErrorKind kind_;
};

/// A job ended because its stop token asked for it. Nothing that it wrote may be used.
class Cancelled : public std::runtime_error {
 public:
  Cancelled() : std::runtime_error("cancelled") {}
};

}  // namespace salus
