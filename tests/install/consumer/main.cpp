#include <cstdio>
#include <vector>

#include "engine/engine.h"

int main() {
  using namespace salus::engine;
  Engine engine({.devices = "cpu"});
  const std::vector<salus::Bytes> messages = {salus::as_bytes("abc")};
  std::vector<salus::Digest> digests(messages.size());
  engine.hash_many(MessageView::scattered(messages), digests);
  std::puts(salus::to_hex(digests[0]).c_str());
}
