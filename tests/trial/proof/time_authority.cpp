#include "tests/trial/proof/time_authority.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tests/support/certificate.h"

namespace salus::trial::test {
namespace {

void run(const std::vector<std::string>& command) {
  const ShellResult result = run_program(command);
  if (result.exit_code != 0) throw std::runtime_error(result.output);
}

}  // namespace

TimeAuthority::TimeAuthority() {
  folder_.write(
      "tsa.cnf",
      "[tsa]\ndefault_tsa = one\n[one]\nserial = " + folder_.path("serial") +
          "\ndefault_policy = 1.2.3.4.1\ndigests = sha256\naccuracy = secs:1\n"
          "ess_cert_id_alg = sha256\nsigner_digest = sha256\n"
          "[ca]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = keyCertSign\n"
          "[leaf]\nkeyUsage = digitalSignature\nextendedKeyUsage = critical,timeStamping\n");
  folder_.write("serial", "01\n");
  make_certificate("ca", "/CN=Test CA", "ca", {});
  make_certificate("tsa", "/O=Hospital/CN=Test TSA", "leaf",
                   {"-CA", folder_.path("ca.pem"), "-CAkey", folder_.path("ca.key")});
}

std::vector<std::uint8_t> TimeAuthority::answer(Bytes request) const {
  folder_.write("request.tsq", request);
  run({"openssl", "ts", "-reply", "-config", folder_.path("tsa.cnf"), "-queryfile",
       folder_.path("request.tsq"), "-signer", folder_.path("tsa.pem"), "-inkey",
       folder_.path("tsa.key"), "-chain", folder_.path("ca.pem"), "-out",
       folder_.path("answer.tsr")});
  std::ifstream file(folder_.path("answer.tsr"), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

ShellResult TimeAuthority::verified(Bytes response, std::string_view checkpoint) const {
  return run_program({"openssl", "ts", "-verify", "-data", folder_.write("data", checkpoint), "-in",
                      folder_.write("response.tsr", response), "-CAfile", authorities()});
}

void TimeAuthority::make_certificate(const std::string& name, const std::string& subject,
                                     const std::string& extensions,
                                     const std::vector<std::string>& issuer) const {
  std::vector<std::string> more = {"-config", folder_.path("req.cnf"), "-extensions", extensions};
  more.insert(more.end(), issuer.begin(), issuer.end());
  std::filesystem::copy_file(folder_.path("tsa.cnf"), folder_.path("req.cnf"),
                             std::filesystem::copy_options::overwrite_existing);
  std::ofstream(folder_.path("req.cnf"), std::ios::app)
      << "[req]\ndistinguished_name = name\n[name]\n";
  run(salus::test::certificate_command(folder_, name, subject, more));
}

}  // namespace salus::trial::test
