// Runs the node of a folder, with all that its configuration says, until it is killed: for tests
// that do that.
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <filesystem>

#include "node/listeners.h"
#include "node/node.h"

int main(int argc, char** argv) {
  using namespace salus::node;  // NOLINT: a program about nothing else
  if (argc != 2) return 2;
  try {
    const std::filesystem::path folder = argv[1];
    const NodeConfig config = load_config(folder);
    Node node(folder, config, SigningKey::load(folder / config.validator_key));
    const Listeners listeners(folder, config, node.sink());
    while (true) ::pause();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
