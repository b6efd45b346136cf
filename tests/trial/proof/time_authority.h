// A time-stamping authority: `openssl ts`, with certificates of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bytes.h"
#include "tests/support/temporary_folder.h"
#include "tests/trial/proof/shell.h"

namespace salus::trial::test {

/// In a folder of its own. Needs the program `openssl`; throws where that fails.
class TimeAuthority {
 public:
  TimeAuthority();

  /// The file of certificates to trust.
  [[nodiscard]] std::string authorities() const { return folder_.path("ca.pem"); }

  /// The response to a request. One thread at a time.
  [[nodiscard]] std::vector<std::uint8_t> answer(Bytes request) const;

  /// What `openssl ts -verify` says.
  [[nodiscard]] ShellResult verified(Bytes response, std::string_view checkpoint) const;

 private:
  void make_certificate(const std::string& name, const std::string& subject,
                        const std::string& extensions,
                        const std::vector<std::string>& issuer) const;

  salus::test::TemporaryFolder folder_;
};

}  // namespace salus::trial::test
