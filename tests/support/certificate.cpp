#include "tests/support/certificate.h"

namespace salus::test {

std::vector<std::string> certificate_command(const TemporaryFolder& folder, const std::string& name,
                                             const std::string& subject,
                                             const std::vector<std::string>& more) {
  std::vector<std::string> command = {"openssl",
                                      "req",
                                      "-x509",
                                      "-newkey",
                                      "ec",
                                      "-pkeyopt",
                                      "ec_paramgen_curve:P-256",
                                      "-nodes",
                                      "-days",
                                      "2",
                                      "-subj",
                                      subject,
                                      "-keyout",
                                      folder.path(name + ".key"),
                                      "-out",
                                      folder.path(name + ".pem")};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

}  // namespace salus::test
